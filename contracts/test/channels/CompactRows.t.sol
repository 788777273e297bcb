// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CompactRows} from "../../src/CompactRows.sol";
import {Test} from "../support/Test.sol";

/// @dev What no batch that anybody can make shows, since a digest depends on who is to sign it.
contract CompactRowsTest is Test {
    uint256 private constant HALF_ORDER =
        0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    /// @dev The first 160 bits of a value that is where a signature leaves nothing.
    uint256 private constant LEFT_OVER = 0xA11CE;

    /// @dev Half the order is not half of the 255 bits that a row has for `s`: a few high ones fit.
    function testFuzz_AHighSThatFitsIntoARowIsRefused_C8(bytes32 r, uint128 above, bool odd) public view {
        CompactRows.Row memory row = rowOf(r, HALF_ORDER + 1 + above, odd);
        vm.assume(row.s < 1 << 255);
        row.payerAuthorizer = signerOf(row);
        vm.assume(row.payerAuthorizer != address(0));
        vm.assertTrue(!CompactRows.isSigned(row), "a high s");

        row.s = HALF_ORDER;
        row.payerAuthorizer = signerOf(row);
        vm.assertTrue(CompactRows.isSigned(row), "the highest low s");
    }

    function testWhatLiesWhereTheSignerIsWrittenIsNotTakenForTheSigner_C7() public view {
        CompactRows.Row memory row = rowOf(0, 1, false); // An `r` of zero recovers nobody.
        row.payerAuthorizer = address(uint160(LEFT_OVER));
        assembly ("memory-safe") {
            mstore(0, LEFT_OVER)
        }
        vm.assertTrue(!CompactRows.isSigned(row), "nobody signed");
    }

    function testAShortRowHasNoSaltWhateverWasReadBefore() public view {
        CompactRows.Row memory row = rowOf(0, 1, false);
        bytes32 plain = this.channelOf(row, new bytes(CompactRows.SHORT_ROW));
        row.salt = bytes32(uint256(1));
        vm.assertEq(this.channelOf(row, new bytes(CompactRows.SHORT_ROW)), plain, "salt zero");
    }

    function channelOf(CompactRows.Row memory row, bytes calldata rows)
        external
        pure
        returns (bytes32 channelId)
    {
        uint256 from;
        assembly ("memory-safe") {
            from := rows.offset
        }
        (channelId,) = CompactRows.readShort(row, from);
    }

    function rowOf(bytes32 r, uint256 s, bool odd) private pure returns (CompactRows.Row memory row) {
        row.prefix = 0x1901;
        row.v = odd ? 28 : 27;
        row.r = r;
        row.s = s;
    }

    function signerOf(CompactRows.Row memory row) private pure returns (address) {
        bytes32 voucher = keccak256(abi.encode(row.voucherTypehash, row.channelId, row.ceiling));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", row.domain, voucher));
        return ecrecover(digest, uint8(row.v), row.r, bytes32(row.s));
    }
}
