// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IHubVault} from "../../src/interfaces/IHubVault.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {Vm} from "../support/Test.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

contract VaultClaimTest is VaultFixture {
    function testAClaimerClaimsManyChannelsAtOnce() public {
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](3);
        for (uint256 i = 0; i < 3; ++i) {
            rows[i] = fundedRow(i, 1000, uint128(100 * (i + 1)));
        }
        vm.expectCall(address(channels), abi.encodeCall(channels.claim, (rows)));
        claimAsVault(rows);
        for (uint256 i = 0; i < 3; ++i) {
            assertChannel(channels.getChannelId(vaultTerms(i)), 1000, 100 * (i + 1));
        }
    }

    function testFuzz_OnlyClaimersClaim(address caller) public {
        vm.assume(caller != CLAIMER);
        IPaymentChannels.VoucherClaim[] memory rows = only(fundedRow(0, 1000, 500));
        vm.prank(caller);
        vm.expectRevert(IVaultRoles.NotClaimer.selector);
        vault.claim(rows);
    }

    function testOneBadRowCostsOnlyItself_C11() public {
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](5);
        rows[0] = fundedRow(0, 1000, 500);
        rows[1] = fundedRow(1, 1000, 500);
        rows[1].signature = signature(STRANGER_KEY, "anything");
        rows[2] = fundedRow(2, 400, 500); // More than the channel holds.
        rows[3] = fundedRow(3, 1000, 500);
        rows[3].totalClaimed = 501; // More than was signed.
        rows[4] = fundedRow(4, 1000, 600);

        vm.recordLogs();
        claimAsVault(rows);
        Vm.Log[] memory skipped = skips();
        vm.assertEq(skipped.length, 3, "skipped rows");
        assertSkip(skipped[0], 1, IPaymentChannels.InvalidSignature.selector);
        assertSkip(skipped[1], 2, IPaymentChannels.ClaimExceedsBalance.selector);
        assertSkip(skipped[2], 3, IPaymentChannels.ClaimExceedsCeiling.selector);
        assertChannel(channels.getChannelId(vaultTerms(0)), 1000, 500);
        assertChannel(channels.getChannelId(vaultTerms(4)), 1000, 600);
    }

    function testAWithdrawalThatComesFirstDoesNotPoisonTheBatch_C11_C13() public {
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](2);
        rows[0] = fundedRow(0, 1000, 500);
        rows[1] = fundedRow(1, 1000, 500);
        vm.prank(PAYER);
        channels.initiateWithdraw(vaultTerms(0), 1000);
        later(DELAY);
        vm.prank(PAYER);
        channels.finalizeWithdraw(vaultTerms(0));

        claimAsVault(rows);
        assertChannel(channels.getChannelId(vaultTerms(0)), 0, 0);
        assertChannel(channels.getChannelId(vaultTerms(1)), 1000, 500);
    }

    function testARowThatSomebodyElseBroughtFirstIsNoFault_C12() public {
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](2);
        rows[0] = fundedRow(0, 1000, 500);
        rows[1] = fundedRow(1, 1000, 500);
        claimAsVault(only(rows[0]));
        vm.recordLogs();
        claimAsVault(rows);
        vm.assertEq(skips().length, 0, "skipped rows");
        assertChannel(channels.getChannelId(vaultTerms(1)), 1000, 500);
    }

    function testARowForAnotherReceiverIsLeftOut() public {
        IPaymentChannels.ChannelConfig memory foreign = vaultTerms(1);
        foreign.receiver = STRANGER; // The vault is still its authoriser, so channels would take it.
        fund(foreign, 1000);
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](2);
        rows[0] = fundedRow(0, 1000, 500);
        rows[1] = rowOf(foreign, 500, 500);

        vm.recordLogs();
        claimAsVault(rows);
        Vm.Log[] memory skipped = skips();
        vm.assertEq(skipped.length, 1, "skipped rows");
        vm.assertEq(skipped[0].topics[1], channels.getChannelId(foreign), "skipped channel");
        assertReason(skipped[0], IHubVault.WrongReceiver.selector);
        assertChannel(channels.getChannelId(foreign), 1000, 0);
        assertChannel(channels.getChannelId(vaultTerms(0)), 1000, 500);
    }

    function testARowWithRevocableVouchersIsLeftOut_C10() public {
        IPaymentChannels.ChannelConfig memory revocable = vaultTerms(1);
        revocable.payerAuthorizer = address(0);
        fund(revocable, 1000);
        vm.recordLogs();
        claimAsVault(only(rowSignedBy(PAYER_KEY, revocable, 500, 500)));
        Vm.Log[] memory skipped = skips();
        vm.assertEq(skipped.length, 1, "skipped rows");
        assertReason(skipped[0], IHubVault.RevocableVouchers.selector);
        assertChannel(channels.getChannelId(revocable), 1000, 0);
    }

    function testNothingToClaimIsNothingToDo() public {
        vm.recordLogs();
        claimAsVault(new IPaymentChannels.VoucherClaim[](0));
        vm.assertEq(vm.getRecordedLogs().length, 0, "logs");
    }

    /// @dev C28: the vault hands its calldata on as it came, so what it judged must be what is read.
    function testFuzz_BrokenCalldataClaimsNothing_C28(uint16 position, uint8 noise) public {
        vm.assume(noise != 0);
        IPaymentChannels.VoucherClaim[] memory rows = only(fundedRow(0, 1000, 500));
        bytes memory data = abi.encodeCall(vault.claim, (rows));
        uint256 where = bound(position, 4, data.length - 1);
        data[where] = bytes1(uint8(data[where]) ^ noise);
        vm.prank(CLAIMER);
        (bool done,) = address(vault).call(data);
        done;
        // Whatever the vault made of it: either the untouched row was claimed, as when only padding
        // changed, or this channel got nothing, or less than was signed for.
        (, uint128 claimed) = channels.channels(channels.getChannelId(vaultTerms(0)));
        vm.assertLe(claimed, 500, "more than was signed");
        assertBook(0, 0, 0);
    }

    function testFuzz_CutCalldataClaimsNothing_C28(uint16 length) public {
        IPaymentChannels.VoucherClaim[] memory rows = only(fundedRow(0, 1000, 500));
        bytes memory data = abi.encodeCall(vault.claim, (rows));
        uint256 kept = bound(length, 4, data.length - 64);
        assembly ("memory-safe") {
            mstore(data, kept)
        }
        vm.prank(CLAIMER);
        (bool done,) = address(vault).call(data);
        done;
        assertChannel(channels.getChannelId(vaultTerms(0)), 1000, 0);
    }

    function testFuzz_NoSignatureIsEverTheVaults(bytes32 hash, bytes calldata signed) public view {
        vm.assertEq(
            bytes32(vault.isValidSignature(hash, signed)), bytes32(bytes4(0xffffffff)), "answer"
        );
    }

    /// @dev A claiming key must not be able to refund, so nothing it signs counts as the vault's word.
    function testNoKeySignsForTheVaultAtTheChannels() public {
        bytes32 id = fund(vaultTerms(0), 1000);
        bytes memory signed = signature(PROMISE_KEY, channels.getRefundDigest(id, 0, 500));
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        channels.refundWithSignature(vaultTerms(0), 500, 0, signed);

        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(vaultTerms(0), 500, 500));
        bytes memory batch = signature(PROMISE_KEY, channels.getClaimBatchDigest(rows));
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        channels.claimWithSignature(rows, batch);
    }

    function skips() private returns (Vm.Log[] memory found) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IHubVault.RowSkipped.selector) logs[count++] = logs[i];
        }
        found = new Vm.Log[](count);
        for (uint256 i = 0; i < count; ++i) {
            found[i] = logs[i];
        }
    }

    function assertSkip(Vm.Log memory log, uint256 salt, bytes4 selector) private view {
        vm.assertEq(log.topics[1], channels.getChannelId(vaultTerms(salt)), "skipped channel");
        assertReason(log, selector);
    }

    function assertReason(Vm.Log memory log, bytes4 selector) private pure {
        bytes memory reason = abi.decode(log.data, (bytes));
        vm.assertEq(bytes32(reason), bytes32(selector), "reason");
    }
}
