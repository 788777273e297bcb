// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Fixture} from "../support/Fixture.sol";

/// @dev The terms are hashed where they lie in calldata; the hash must be that of the typed data.
contract IdsTest is Fixture {
    uint256 private constant MEMBERS = 7;

    function testFuzz_AnIdIsTheTypedDataHashOfTheTerms(
        IPaymentChannels.ChannelConfig calldata config
    ) public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("x402 Batch Settlement"),
                keccak256("1"),
                block.chainid,
                address(channels)
            )
        );
        bytes32 content = keccak256(abi.encode(channels.CHANNEL_CONFIG_TYPEHASH(), config));
        bytes32 id = keccak256(abi.encodePacked(hex"1901", domain, content));
        vm.assertEq(channels.getChannelId(config), id, "id");
    }

    /// @dev A bit that no member has room for is refused, wherever terms are taken.
    function testFuzz_TermsWithDirtyBitsAreRefused_C28(uint8 member, uint8 bit) public {
        uint256 index = bound(member, 0, MEMBERS - 2); // The salt has no bits to spare.
        uint256 width = index == 5 ? 40 : 160;
        uint256 dirt = 1 << bound(bit, width, 255);
        IPaymentChannels.ChannelConfig memory config = terms();
        fund(config, 1000);
        bytes[4] memory calls = [
            abi.encodeCall(channels.getChannelId, (config)),
            abi.encodeCall(channels.initiateWithdraw, (config, 1000)),
            abi.encodeCall(channels.refund, (config, 1000)),
            abi.encodeCall(channels.deposit, (config, 1, address(collector), ""))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            bytes memory data = calls[i];
            assembly ("memory-safe") {
                let place := add(add(data, 36), mul(index, 32))
                mstore(place, or(mload(place), dirt))
            }
            vm.prank(i == 1 ? PAYER : RECEIVER);
            (bool done,) = address(channels).call(data);
            vm.assertTrue(!done, vm.toString(i));
        }
        assertChannel(channels.getChannelId(config), 1000, 0);
    }

    function testFuzz_ARowWithDirtyTermsIsRefused_C28(uint8 member, uint8 bit) public {
        uint256 index = bound(member, 0, MEMBERS - 2);
        uint256 dirt = 1 << bound(bit, index == 5 ? 40 : 160, 255);
        bytes32 id = fund(terms(), 1000);
        bytes memory data = abi.encodeCall(channels.claim, (only(rowOf(terms(), 700, 700))));
        // Behind the selector: the array's place and length, the row's place, the voucher's place in it.
        uint256 terms_ = 4 + 32 + 32 + 32;
        assembly ("memory-safe") {
            let place := add(add(add(data, 32), terms_), mul(index, 32))
            mstore(place, or(mload(place), dirt))
        }
        vm.prank(RECEIVER);
        (bool done,) = address(channels).call(data);
        vm.assertTrue(!done, "dirty terms were taken");
        assertChannel(id, 1000, 0);
    }
}
