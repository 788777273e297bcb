// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IHubVault} from "../../src/interfaces/IHubVault.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

contract VaultRefundTest is VaultFixture {
    function testARefundClaimsFirstAndLeavesTheMerchantsMoney() public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 400);
        refund(row, 600);
        assertChannel(channels.getChannelId(vaultTerms(0)), 400, 400);
        vm.assertEq(token.balanceOf(PAYER), 600, "payer");
        (uint128 earned,) = channels.receivers(address(vault), address(token));
        vm.assertEq(earned, 400, "earned");
    }

    function testAChannelWithoutChargesIsRefundedWhole() public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 0);
        refund(row, 1000);
        assertChannel(channels.getChannelId(vaultTerms(0)), 0, 0);
    }

    function testFuzz_OnlyTheRefunderRefunds(address caller) public {
        vm.assume(caller != REFUNDER);
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 400);
        vm.prank(caller);
        vm.expectRevert(IVaultRoles.NotRefunder.selector);
        vault.refund(row, 1);
    }

    function testAClaimerCannotRefund() public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 400);
        vm.prank(CLAIMER);
        vm.expectRevert(IVaultRoles.NotRefunder.selector);
        vault.refund(row, 1);
    }

    function testFuzz_WhatIsClaimedIsNotRefunded(uint128 amount) public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 400);
        amount = bound128(amount, 601, type(uint128).max);
        vm.prank(REFUNDER);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.RefundExceedsUnclaimed.selector, 600));
        vault.refund(row, amount);
    }

    function testARowThatCannotBeClaimedStopsTheRefund() public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 400);
        row.signature = signature(STRANGER_KEY, "anything");
        vm.prank(REFUNDER);
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        vault.refund(row, 100);
    }

    /// @dev Our channel contract always records or reverts; another one might skip in silence.
    function testARowThatWasSilentlySkippedStopsTheRefund() public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 400);
        vm.mockCall(address(channels), abi.encodeCall(channels.claim, (only(row))), "");
        vm.prank(REFUNDER);
        vm.expectRevert(IHubVault.ClaimNotRecorded.selector);
        vault.refund(row, 100);
    }

    function testRefusesAChannelOfAnotherReceiver() public {
        IPaymentChannels.ChannelConfig memory foreign = vaultTerms(0);
        foreign.receiver = STRANGER;
        fund(foreign, 1000);
        IPaymentChannels.VoucherClaim memory row = rowOf(foreign, 400, 400);
        vm.prank(REFUNDER);
        vm.expectRevert(IHubVault.WrongReceiver.selector);
        vault.refund(row, 100);
    }

    function testRefusesAChannelWithRevocableVouchers() public {
        IPaymentChannels.ChannelConfig memory revocable = vaultTerms(0);
        revocable.payerAuthorizer = address(0);
        fund(revocable, 1000);
        IPaymentChannels.VoucherClaim memory row = rowSignedBy(PAYER_KEY, revocable, 400, 400);
        vm.prank(REFUNDER);
        vm.expectRevert(IHubVault.RevocableVouchers.selector);
        vault.refund(row, 100);
    }

    function testTheCapIsForAllRefundsOfADay() public {
        IPaymentChannels.VoucherClaim memory first = fundedRow(0, 2000, 0);
        IPaymentChannels.VoucherClaim memory second = fundedRow(1, 2000, 0);
        refund(first, 700);
        vm.prank(REFUNDER);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.RefundExceedsCap.selector, 300));
        vault.refund(second, 301);
        refund(second, 300);

        later(1 days);
        refund(first, 1000);
    }

    function testTheCapIsPerUtcDay_C25() public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 3000, 0);
        vm.warp((block.timestamp / 1 days + 1) * 1 days - 1);
        refund(row, 1000);
        vm.prank(REFUNDER);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.RefundExceedsCap.selector, 0));
        vault.refund(row, 1);
        later(1);
        refund(row, 1000);
    }

    function testATokenWithoutCapIsNotRefunded() public {
        vm.prank(ADMIN);
        vault.setRefundCap(address(token), 0);
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 0);
        vm.prank(REFUNDER);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.RefundExceedsCap.selector, 0));
        vault.refund(row, 1);
    }

    function testLoweringTheCapBelowWhatWasUsedLeavesNothing() public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 2000, 0);
        refund(row, 700);
        vm.prank(ADMIN);
        vault.setRefundCap(address(token), 600);
        (, uint128 left,,) = vault.refundCap(address(token));
        vm.assertEq(left, 0, "left");
    }

    function testARefundOfNothingIsRefused() public {
        IPaymentChannels.VoucherClaim memory row = fundedRow(0, 1000, 0);
        vm.prank(REFUNDER);
        vm.expectRevert(IPaymentChannels.ZeroRefund.selector);
        vault.refund(row, 0);
    }

    function refund(IPaymentChannels.VoucherClaim memory row, uint128 amount) private {
        vm.prank(REFUNDER);
        vault.refund(row, amount);
    }
}
