// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICompactClaims} from "../../src/interfaces/ICompactClaims.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {Vm} from "../support/Test.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

contract VaultCompactClaimTest is VaultFixture {
    function testAClaimerClaimsWithPackedRows() public {
        bytes memory rows;
        bytes memory recorded;
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 id = fund(vaultTerms(i), 1000);
            uint128 total = uint128(100 * (i + 1));
            rows = bytes.concat(rows, longRow(AUTHORIZER_KEY, vaultTerms(i), 500, total));
            recorded = bytes.concat(recorded, abi.encodePacked(id, total));
        }
        vm.expectEmit(true, true, true, true, address(channels));
        emit ICompactClaims.ClaimedBatch(address(vault), address(token), 600, recorded);
        vm.assertEq(claimCompactAsVault("", rows), 600, "earned");
        for (uint256 i = 0; i < 3; ++i) {
            assertChannel(channels.getChannelId(vaultTerms(i)), 1000, 100 * (i + 1));
        }
    }

    function testFuzz_OnlyClaimersClaim(address caller) public {
        vm.assume(caller != CLAIMER);
        fund(vaultTerms(0), 1000);
        bytes memory batch = vaultBatch("", longRow(AUTHORIZER_KEY, vaultTerms(0), 500, 500));
        vm.prank(caller);
        vm.expectRevert(IVaultRoles.NotClaimer.selector);
        vault.claimCompactRows(batch);
    }

    function testBadRowsCostOnlyThemselves_C11() public {
        for (uint256 i = 0; i < 4; ++i) {
            fund(vaultTerms(i), 1000);
        }
        bytes memory rows = bytes.concat(
            longRow(AUTHORIZER_KEY, vaultTerms(0), 500, 500),
            longRow(STRANGER_KEY, vaultTerms(1), 500, 500),
            longRow(AUTHORIZER_KEY, vaultTerms(2), 500, 501),
            longRow(AUTHORIZER_KEY, vaultTerms(99), 500, 500),
            longRow(AUTHORIZER_KEY, vaultTerms(3), 500, 400)
        );
        vm.recordLogs();
        claimCompactAsVault("", rows);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1, "one event, of the channel contract");
        vm.assertEq(logs[0].emitter, address(channels), "emitter");
        assertChannel(channels.getChannelId(vaultTerms(0)), 1000, 500);
        assertChannel(channels.getChannelId(vaultTerms(1)), 1000, 0);
        assertChannel(channels.getChannelId(vaultTerms(2)), 1000, 0);
        assertChannel(channels.getChannelId(vaultTerms(3)), 1000, 400);
    }

    /// @dev The experiment in which a stock server pays nobody: 15 honest channels and one that was
    /// emptied in front of the claim.
    function testAPoisonedBatchPaysTheHonestInFullEitherWay_C11_C12() public {
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](16);
        bytes memory packed;
        for (uint256 i = 0; i < 16; ++i) {
            rows[i] = fundedRow(i, 1000, 500);
            packed = bytes.concat(packed, longRow(AUTHORIZER_KEY, vaultTerms(i), 500, 500));
        }
        vm.prank(PAYER);
        channels.initiateWithdraw(vaultTerms(7), 1000);
        later(DELAY);
        vm.prank(PAYER);
        channels.finalizeWithdraw(vaultTerms(7));

        uint256 before = vm.snapshotState();
        claimAsVault(rows);
        assertHonestPaid();
        vm.revertToState(before);
        claimCompactAsVault("", packed);
        assertHonestPaid();
    }

    /// @dev Zero in the header means the receiver, which saves naming it twice.
    function testTheVaultMayBeNamedAsItsAuthorizerOrNot() public {
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 id = fund(vaultTerms(i), 1000);
            bytes memory row = longRow(AUTHORIZER_KEY, vaultTerms(i), 500, 500);
            address named = i == 0 ? address(0) : address(vault);
            bytes memory batch = batchOf(named, address(token), DELAY, "", row);
            vm.prank(CLAIMER);
            vm.assertEq(vault.claimCompactRows(batch), 500, "earned");
            assertChannel(id, 1000, 500);
        }
    }

    function testRowsOfAnotherReceiverAreNotTheVaults() public {
        IPaymentChannels.ChannelConfig memory foreign = vaultTerms(1);
        foreign.receiver = STRANGER;
        bytes32 id = fund(foreign, 1000);
        vm.assertEq(claimCompactAsVault("", longRow(AUTHORIZER_KEY, foreign, 500, 500)), 0, "earned");
        assertChannel(id, 1000, 0);
    }

    function testRevocableVouchersAreNotTaken_C10() public {
        IPaymentChannels.ChannelConfig memory revocable = vaultTerms(1);
        revocable.payerAuthorizer = address(0);
        bytes32 id = fund(revocable, 1000);
        vm.assertEq(claimCompactAsVault("", longRow(PAYER_KEY, revocable, 500, 500)), 0, "earned");
        assertChannel(id, 1000, 0);
    }

    function testWhatIsClaimedThisWayIsCredited() public {
        fund(vaultTerms(0), 1000);
        claimCompactAsVault("", longRow(AUTHORIZER_KEY, vaultTerms(0), 1000, 1000));
        creditTo(PAYEE, 600);
        assertBook(600, 400, 600);
    }

    function testAnErrorOfTheChannelContractIsPassedOn() public {
        vm.prank(CLAIMER);
        vm.expectRevert(IPaymentChannels.EmptyBatch.selector);
        vault.claimCompactRows(new bytes(47));
        vm.prank(CLAIMER);
        vm.expectRevert(abi.encodeWithSelector(ICompactClaims.NotWholeRows.selector, 99, 0));
        vault.claimCompactRows(new bytes(99));
    }

    /// @dev On the canonical contract there is no such function.
    function testWhereTheFormIsUnknownTheCallReverts() public {
        bytes4 selector = ICompactClaims.claimCompactRows.selector;
        vm.mockCallRevert(address(channels), abi.encodePacked(selector), "");
        vm.prank(CLAIMER);
        vm.expectRevert();
        vault.claimCompactRows(new bytes(147));
    }

    function testFuzz_BrokenCalldataClaimsNoMoreThanWasSigned_C28(uint16 position, uint8 noise)
        public
    {
        vm.assume(noise != 0);
        bytes32 id = fund(vaultTerms(0), 1000);
        bytes memory data = compactCall(longRow(AUTHORIZER_KEY, vaultTerms(0), 500, 400));
        uint256 where = bound(position, 4, data.length - 1);
        data[where] = bytes1(uint8(data[where]) ^ noise);
        vm.prank(CLAIMER);
        (bool done,) = address(vault).call(data);
        done;
        vm.assertLe(claimedOf(id), 500, "more than was signed");
        assertBook(0, 0, 0);
    }

    function testFuzz_CutCalldataClaimsNothing_C28(uint16 length) public {
        bytes32 id = fund(vaultTerms(0), 1000);
        bytes memory data = compactCall(longRow(AUTHORIZER_KEY, vaultTerms(0), 500, 400));
        // The last 9 bytes only fill up the last word.
        uint256 kept = bound(length, 4, data.length - 10);
        assembly ("memory-safe") {
            mstore(data, kept)
        }
        vm.prank(CLAIMER);
        (bool done,) = address(vault).call(data);
        vm.assertTrue(!done, "cut calldata was taken");
        assertChannel(id, 1000, 0);
    }

    function compactCall(bytes memory row) private view returns (bytes memory) {
        return abi.encodeCall(vault.claimCompactRows, (vaultBatch("", row)));
    }

    function claimCompactAsVault(bytes memory shortRows, bytes memory longRows)
        private
        returns (uint128)
    {
        bytes memory batch = vaultBatch(shortRows, longRows);
        vm.prank(CLAIMER);
        return vault.claimCompactRows(batch);
    }

    function assertHonestPaid() private view {
        for (uint256 i = 0; i < 16; ++i) {
            uint256 expected = i == 7 ? 0 : 500;
            vm.assertEq(claimedOf(channels.getChannelId(vaultTerms(i))), expected, vm.toString(i));
        }
        (uint128 earned,) = channels.receivers(address(vault), address(token));
        vm.assertEq(earned, 15 * 500, "earned");
    }
}
