// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IHubVault} from "../../src/interfaces/IHubVault.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

/// @dev What a thief can do with each key of a hub, and what not even all of them together can.
contract StolenKeysTest is VaultFixture {
    address private constant THIEF = address(0x7417F);
    uint128 private constant EARNED = 10_000;
    uint128 private constant CREDITED = 6_000;

    /// @dev A vault that owes 6,000 to a payee and has 4,000 free, with a channel still open.
    function setUp() public override {
        super.setUp();
        earn(0, EARNED);
        creditTo(PAYEE, CREDITED);
        fund(vaultTerms(1), 1000);
    }

    function testAStolenClaimerBringsMoneyInAndDoesNothingElse() public {
        claimAsVault(only(rowOf(vaultTerms(1), 900, 900)));
        (uint128 earned,) = channels.receivers(address(vault), address(token));
        vm.assertEq(earned, EARNED + 900, "it came to the vault");
        assertRefused(CLAIMER, 2); // The first two are the claims.
    }

    /// @dev A claimer can claim more than was charged, up to the ceilings it holds: the money comes to
    /// the vault, and no further.
    function testAnOverclaimEndsAtTheSignedCeiling() public {
        claimAsVault(only(rowOf(vaultTerms(1), 900, 901)));
        assertChannel(channels.getChannelId(vaultTerms(1)), 1000, 0);
    }

    function testAStolenRefunderGivesPayersTheirOwnMoneyUpToTheDailyCap() public {
        fund(vaultTerms(2), 5_000);
        IPaymentChannels.VoucherClaim memory first = rowOf(vaultTerms(2), 1, 1);
        IPaymentChannels.VoucherClaim memory second = rowOf(vaultTerms(2), 2, 2);
        vm.prank(REFUNDER);
        vault.refund(first, REFUND_CAP);
        vm.prank(REFUNDER);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.RefundExceedsCap.selector, 0));
        vault.refund(second, 1);
        vm.assertEq(token.balanceOf(PAYER), REFUND_CAP, "the payer has it");
        vm.assertEq(token.balanceOf(THIEF), 0, "the thief has nothing");
        (uint128 earned,) = channels.receivers(address(vault), address(token));
        vm.assertEq(earned, EARNED + 1, "what was claimed stays claimed");
        assertRefused(REFUNDER, 3, 4);
    }

    function testAStolenPromiseKeyReachesFreeMoneyOnlyThroughPayeesKnownForLong() public {
        vm.prank(SIGNER);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.PayeeNotAnnounced.selector, THIEF));
        vault.credit(address(token), promised(THIEF, 1), true);

        vm.startPrank(SIGNER);
        vault.announcePayee(THIEF);
        vault.announcePayee(NEWCOMER);
        vault.credit(address(token), promised(THIEF, 4_000), true);
        vault.credit(address(token), promised(NEWCOMER, 4_000), true);
        vm.stopPrank();
        vm.assertEq(
            token.balanceOf(THIEF) + token.balanceOf(NEWCOMER),
            NEWCOMER_CAP,
            "all new payees of a day together"
        );

        creditTo(PAYEE, type(uint96).max);
        assertAccount(PAYEE, EARNED - NEWCOMER_CAP, 0);
        vm.assertEq(vault.free(address(token)), 0, "no more than was free");
    }

    /// @dev From the admin's removal on it credits nothing; what it signed counts for the delay.
    function testARemovedPromiseKeyCreditsNothingMore() public {
        asAdmin(abi.encodeCall(vault.removePromiseKey, (SIGNER)));
        vm.prank(SIGNER);
        vm.expectRevert(IVaultRoles.NotLivePromiseKey.selector);
        vault.credit(address(token), promised(PAYEE, CREDITED + 1), true);
        vm.prank(SIGNER);
        vm.expectRevert(IVaultRoles.NotLivePromiseKey.selector);
        vault.announcePayee(THIEF);
        later(WAIT);
        bytes memory signed = promiseBy(PROMISE_KEY, PAYEE, CREDITED + 1);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.NotPromiseKey.selector, SIGNER));
        vault.redeem(PAYEE, address(token), CREDITED + 1, signed);
    }

    /// @dev A thief that announced a payee before the key was removed is paid for as long as its promises
    /// are honoured. All there was to take is what the hub left free: whoever is credited before the
    /// delay is over, by another key or by its own promise, loses nothing.
    function testFuzz_WhatIsCreditedWithinTheDelayIsOutOfReachOfAStolenPromiseKey(uint128 promised_) public {
        promised_ = bound128(promised_, CREDITED, EARNED);
        asAdmin(abi.encodeCall(vault.addPromiseKey, (SPARE)));
        later(WAIT);
        vm.prank(SIGNER);
        vault.announcePayee(THIEF);
        later(1 hours);
        asAdmin(abi.encodeCall(vault.removePromiseKey, (SIGNER)));
        later(WAIT - 1 hours - 1);
        vm.prank(SPARE);
        vault.credit(address(token), promised(PAYEE, promised_), false);
        later(1);
        bytes memory signed = promiseBy(PROMISE_KEY, THIEF, EARNED);
        vault.redeem(THIEF, address(token), EARNED, signed);
        assertAccount(THIEF, EARNED - promised_, 0);
        assertAccount(PAYEE, promised_, 0);

        later(1 hours);
        earn(9, 1_000);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.NotPromiseKey.selector, SIGNER));
        vault.redeem(THIEF, address(token), EARNED, signed);
    }

    function testAStolenAdminTakesWhatNobodyIsCreditedWithinTheDelay() public {
        asAdmin(abi.encodeCall(vault.announceTake, (address(token), 4_000)));
        vm.prank(ADMIN);
        vm.expectRevert();
        vault.take(address(token), THIEF);
        later(WAIT);
        asAdmin(abi.encodeCall(vault.take, (address(token), THIEF)));
        vm.assertEq(token.balanceOf(THIEF), 4_000, "what was free");
        assertAccount(PAYEE, CREDITED, 0);
        vault.withdrawFor(PAYEE, address(token));
        vm.assertEq(token.balanceOf(PAYEE), CREDITED, "credit is paid in full");
    }

    function testAStolenAdminCannotActInAnotherRoleBeforeTheDelay() public {
        asAdmin(abi.encodeCall(vault.addPromiseKey, (THIEF)));
        asAdmin(abi.encodeCall(vault.setRefunder, (THIEF)));
        asAdmin(abi.encodeCall(vault.setRefundCap, (address(token), type(uint128).max)));
        asAdmin(abi.encodeCall(vault.setNewPayeeCap, (address(token), type(uint128).max)));
        asAdmin(abi.encodeCall(vault.announcePayee, (THIEF)));
        later(WAIT - 1);
        vm.prank(THIEF);
        vm.expectRevert(IVaultRoles.NotLivePromiseKey.selector);
        vault.credit(address(token), promised(THIEF, 1), true);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmRefunder();
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmRefundCap(address(token));
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmNewPayeeCap(address(token));
        asAdmin(abi.encodeCall(vault.removeClaimer, (CLAIMER)));
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmClaimerRemoval(CLAIMER);
    }

    /// @dev Whenever in the delay a merchant brings its promise, the take gets only what is left.
    function testFuzz_AnAnnouncedTakeCannotOutrunARedemption(uint128 promised_, uint256 wait) public {
        promised_ = bound128(promised_, CREDITED, EARNED);
        wait = bound(wait, 0, WAIT);
        asAdmin(abi.encodeCall(vault.announceTake, (address(token), EARNED - CREDITED)));
        later(wait);
        vm.prank(PAYEE); // Needs nobody of the hub.
        vault.redeem(
            PAYEE, address(token), promised_, promiseBy(PROMISE_KEY, PAYEE, promised_)
        );
        assertAccount(PAYEE, promised_, 0);
        later(WAIT - wait);
        asAdmin(abi.encodeCall(vault.take, (address(token), THIEF)));
        vm.assertEq(token.balanceOf(THIEF), EARNED - promised_, "the rest");
        vm.prank(PAYEE);
        vault.withdraw(address(token), PAYEE);
        vm.assertEq(token.balanceOf(PAYEE), promised_, "the merchant has all of it");
    }

    /// @dev A take can be announced again and again, but each time the whole delay begins anew.
    function testAnnouncingAgainGivesMerchantsTheWholeDelayAgain() public {
        asAdmin(abi.encodeCall(vault.announceTake, (address(token), 4_000)));
        later(WAIT);
        asAdmin(abi.encodeCall(vault.announceTake, (address(token), 4_000)));
        later(WAIT - 1);
        redeem(PAYEE, EARNED);
        later(1);
        asAdmin(abi.encodeCall(vault.take, (address(token), THIEF)));
        vm.assertEq(token.balanceOf(THIEF), 0, "taken");
        assertAccount(PAYEE, EARNED, 0);
    }

    /// @dev All roles at once, all functions, in any order, at any time: credit stays the payee's.
    function testFuzz_NoRoleMovesCredit(uint256[12] memory choices) public {
        bytes[] memory calls = everything();
        address[5] memory thieves = [ADMIN, CLAIMER, REFUNDER, SIGNER, THIEF];
        for (uint256 i = 0; i < choices.length; ++i) {
            later((choices[i] >> 32) % (WAIT + 1 days));
            vm.prank(thieves[(choices[i] >> 16) % thieves.length]);
            (bool done,) = address(vault).call(calls[choices[i] % calls.length]);
            done;
            (uint128 credited, uint128 paid) = vault.account(PAYEE, address(token));
            vm.assertGe(credited, CREDITED, "credit never falls");
            vm.assertEq(token.balanceOf(PAYEE), paid, "only the payee was paid from it");
            vm.assertGe(
                token.balanceOf(address(vault)), vault.owed(address(token)), "credit is covered"
            );
        }
        vault.withdrawFor(PAYEE, address(token));
        vm.assertGe(token.balanceOf(PAYEE), CREDITED, "all of it is paid out");
    }

    function assertRefused(address thief, uint256 allowed) private {
        assertRefused(thief, 0, allowed);
    }

    /// @dev Everything but the calls `from` to `until` is refused, and nothing changes.
    function assertRefused(address thief, uint256 from, uint256 until) private {
        bytes[] memory calls = privileged();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (i >= from && i < until) continue;
            vm.prank(thief);
            (bool done,) = address(vault).call(calls[i]);
            vm.assertTrue(!done, vm.toString(i));
        }
        vm.prank(thief);
        vault.withdraw(address(token), thief); // Anybody may; it is about the caller's own credit.
        vm.assertEq(token.balanceOf(thief), 0, "thief");
        assertAccount(PAYEE, CREDITED, 0);
    }

    /// @dev Every function that is not for everybody, in a form that would harm.
    function privileged() private view returns (bytes[] memory calls) {
        calls = new bytes[](16);
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(vaultTerms(1), 950, 950));
        calls[0] = abi.encodeCall(vault.claim, (rows));
        bytes memory long = longRow(AUTHORIZER_KEY, vaultTerms(1), 960, 960);
        calls[1] = abi.encodeCall(vault.claimCompactRows, (vaultBatch("", long)));
        calls[2] = abi.encodeCall(vault.announceTake, (address(token), 1));
        calls[3] = abi.encodeCall(vault.refund, (rows[0], 1));
        calls[4] = abi.encodeCall(vault.credit, (address(token), promised(PAYEE, 9_999), true));
        calls[5] = abi.encodeCall(vault.announcePayee, (THIEF));
        calls[6] = abi.encodeCall(vault.take, (address(token), THIEF));
        calls[7] = abi.encodeCall(vault.addPromiseKey, (THIEF));
        calls[8] = abi.encodeCall(vault.removePromiseKey, (SIGNER));
        calls[9] = abi.encodeCall(vault.addClaimer, (THIEF));
        calls[10] = abi.encodeCall(vault.removeClaimer, (CLAIMER));
        calls[11] = abi.encodeCall(vault.setRefunder, (THIEF));
        calls[12] = abi.encodeCall(vault.setRefundCap, (address(token), 1));
        calls[13] = abi.encodeCall(vault.setNewPayeeCap, (address(token), 1));
        calls[14] = abi.encodeCall(vault.transferAdmin, (THIEF));
        calls[15] = abi.encodeCall(vault.acceptAdmin, ());
    }

    function everything() private view returns (bytes[] memory calls) {
        bytes[] memory some = privileged();
        calls = new bytes[](some.length + 6);
        for (uint256 i = 0; i < some.length; ++i) {
            calls[i] = some[i];
        }
        calls[some.length] = abi.encodeCall(vault.confirmRefunder, ());
        calls[some.length + 1] = abi.encodeCall(vault.confirmRefundCap, (address(token)));
        calls[some.length + 2] = abi.encodeCall(vault.confirmNewPayeeCap, (address(token)));
        calls[some.length + 3] = abi.encodeCall(vault.confirmClaimerRemoval, (CLAIMER));
        calls[some.length + 4] = abi.encodeCall(vault.withdraw, (address(token), THIEF));
        calls[some.length + 5] =
            abi.encodeCall(vault.redeem, (THIEF, address(token), 9_999, promiseBy(PROMISE_KEY, THIEF, 9_999)));
    }
}
