// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HubVault} from "../../src/HubVault.sol";
import {IHubVault} from "../../src/interfaces/IHubVault.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

contract VaultRolesTest is VaultFixture {
    address private constant KEY = address(0x4EE);
    address private constant NEXT = address(0xAE);

    function testFuzz_OnlyTheAdminChangesRoles(address caller) public {
        vm.assume(caller != ADMIN);
        bytes[] memory calls = adminCalls();
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(caller);
            (bool done, bytes memory result) = address(vault).call(calls[i]);
            vm.assertTrue(!done, vm.toString(i));
            vm.assertEq(
                bytes32(result), bytes32(IVaultRoles.NotAdmin.selector), vm.toString(i)
            );
        }
    }

    function testAPayeeIsAnnouncedByThePromiseKeyOrTheAdmin() public {
        uint40 from = uint40(block.timestamp) + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.PayeeAnnounced(NEWCOMER, from);
        vm.prank(SIGNER);
        vault.announcePayee(NEWCOMER);
        vm.assertEq(vault.activeFrom(NEWCOMER), from, "from");

        vm.prank(ADMIN);
        vault.announcePayee(KEY);
        vm.assertEq(vault.activeFrom(KEY), from, "from");
    }

    function testFuzz_NobodyElseAnnouncesPayees(address caller) public {
        vm.assume(caller != SIGNER && caller != ADMIN);
        vm.prank(caller);
        vm.expectRevert(IVaultRoles.NotLivePromiseKey.selector);
        vault.announcePayee(NEWCOMER);
    }

    function testAnnouncingAgainChangesNothing() public {
        vm.prank(SIGNER);
        vault.announcePayee(NEWCOMER);
        uint40 from = vault.activeFrom(NEWCOMER);
        later(1 days);
        vm.prank(SIGNER);
        vault.announcePayee(NEWCOMER);
        vm.assertEq(vault.activeFrom(NEWCOMER), from, "from");
    }

    function testNeitherNobodyNorTheVaultIsAPayee() public {
        vm.prank(SIGNER);
        vm.expectRevert(abi.encodeWithSelector(IVaultRoles.InvalidPayee.selector, address(0)));
        vault.announcePayee(address(0));
        vm.prank(SIGNER);
        vm.expectRevert(abi.encodeWithSelector(IVaultRoles.InvalidPayee.selector, address(vault)));
        vault.announcePayee(address(vault));
    }

    function testAPromiseKeyIsLiveAfterTheDelay_C25() public {
        uint256 from = block.timestamp + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.PromiseKeyAnnounced(SPARE, uint40(from));
        asAdmin(abi.encodeCall(vault.addPromiseKey, (SPARE)));
        assertKey(SPARE, from, 0);
        earn(0, 1000);

        vm.warp(from - 1);
        refusesCreditBy(SPARE);
        refusesPromiseOf(SPARE_KEY);
        vm.expectRevert(IVaultRoles.NotLivePromiseKey.selector);
        vm.prank(SPARE);
        vault.announcePayee(NEWCOMER);
        vm.warp(from);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.PromiseKeyLive(SPARE);
        vm.prank(SPARE);
        vault.credit(address(token), promised(PAYEE, 100), false);
        vault.redeem(PAYEE, address(token), 200, promiseBy(SPARE_KEY, PAYEE, 200));
        assertAccount(PAYEE, 200, 0);
    }

    function testARemovedKeyCreditsNoMoreButItsPromisesAreHonouredForTheDelay_C25() public {
        earn(0, 1000);
        uint256 until = block.timestamp + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.PromiseKeyRemoved(SIGNER, uint40(until));
        asAdmin(abi.encodeCall(vault.removePromiseKey, (SIGNER)));
        refusesCreditBy(SIGNER);
        vm.prank(SIGNER);
        vm.expectRevert(IVaultRoles.NotLivePromiseKey.selector);
        vault.announcePayee(NEWCOMER);

        redeem(PAYEE, 100);
        vm.warp(until - 1);
        redeem(PAYEE, 200);
        vm.warp(until);
        refusesPromiseOf(PROMISE_KEY);
    }

    function testRemovingAKeyAgainDoesNotLengthenItsTime() public {
        asAdmin(abi.encodeCall(vault.removePromiseKey, (SIGNER)));
        (, uint40 until) = vault.promiseKey(SIGNER);
        later(1 days);
        asAdmin(abi.encodeCall(vault.removePromiseKey, (SIGNER)));
        (, uint40 after_) = vault.promiseKey(SIGNER);
        vm.assertEq(after_, until, "until");
    }

    function testAKeyRemovedBeforeItWasLiveIsForgotten() public {
        asAdmin(abi.encodeCall(vault.addPromiseKey, (SPARE)));
        asAdmin(abi.encodeCall(vault.removePromiseKey, (SPARE)));
        assertKey(SPARE, 0, 0);
        later(WAIT);
        refusesPromiseOf(SPARE_KEY);
        refusesCreditBy(SPARE);
    }

    function testAnUnknownKeyIsNotRemoved() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IVaultRoles.UnknownKey.selector, SPARE));
        vault.removePromiseKey(SPARE);
    }

    /// @dev To announce a live key again would silence it for the delay.
    function testAKeyIsAddedAgainOnlyWhenItsOldPromisesAreOver() public {
        bytes memory known = abi.encodeWithSelector(IVaultRoles.KeyAlreadyKnown.selector, SIGNER);
        vm.prank(ADMIN);
        vm.expectRevert(known);
        vault.addPromiseKey(SIGNER);
        asAdmin(abi.encodeCall(vault.removePromiseKey, (SIGNER)));
        later(WAIT - 1);
        vm.prank(ADMIN);
        vm.expectRevert(known);
        vault.addPromiseKey(SIGNER);
        later(1);
        asAdmin(abi.encodeCall(vault.addPromiseKey, (SIGNER)));
        assertKey(SIGNER, block.timestamp + WAIT, 0);
    }

    function testAClaimerIsAddedAtOnce() public {
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.ClaimerAdded(KEY);
        asAdmin(abi.encodeCall(vault.addClaimer, (KEY)));
        vm.prank(KEY);
        vault.claim(new IPaymentChannels.VoucherClaim[](0));
    }

    function testAClaimerIsRemovedAfterTheDelay_C25() public {
        uint256 from = block.timestamp + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.ClaimerRemovalAnnounced(CLAIMER, uint40(from));
        asAdmin(abi.encodeCall(vault.removeClaimer, (CLAIMER)));
        vm.assertEq(vault.claimerRemovableFrom(CLAIMER), from, "removable from");
        vm.warp(from - 1);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmClaimerRemoval(CLAIMER);
        vm.assertTrue(vault.claimer(CLAIMER), "still a claimer");

        vm.warp(from);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.ClaimerRemoved(CLAIMER);
        vault.confirmClaimerRemoval(CLAIMER);
        vm.prank(CLAIMER);
        vm.expectRevert(IVaultRoles.NotClaimer.selector);
        vault.claim(new IPaymentChannels.VoucherClaim[](0));
    }

    function testAddingAClaimerAgainCancelsItsRemoval() public {
        asAdmin(abi.encodeCall(vault.removeClaimer, (CLAIMER)));
        asAdmin(abi.encodeCall(vault.addClaimer, (CLAIMER)));
        later(WAIT);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmClaimerRemoval(CLAIMER);
    }

    function testAnUnknownClaimerIsNotRemoved() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IVaultRoles.UnknownKey.selector, KEY));
        vault.removeClaimer(KEY);
        later(WAIT);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmClaimerRemoval(KEY);
    }

    function testARefunderIsSetAfterTheDelayAndRemovedAtOnce_C25() public {
        uint256 from = block.timestamp + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.RefunderAnnounced(KEY, uint40(from));
        asAdmin(abi.encodeCall(vault.setRefunder, (KEY)));
        vm.warp(from - 1);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmRefunder();
        vm.assertEq(vault.refunder(), REFUNDER, "refunder");
        vm.warp(from);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.RefunderChanged(REFUNDER, KEY);
        vault.confirmRefunder();
        vm.assertEq(vault.refunder(), KEY, "refunder");
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmRefunder();

        asAdmin(abi.encodeCall(vault.setRefunder, (address(0))));
        vm.assertEq(vault.refunder(), address(0), "refunder");
    }

    function testRemovingTheRefunderForgetsTheNextOne() public {
        asAdmin(abi.encodeCall(vault.setRefunder, (KEY)));
        asAdmin(abi.encodeCall(vault.setRefunder, (address(0))));
        later(WAIT);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmRefunder();
    }

    function testTheAdminHandsOverInTwoSteps_C25() public {
        uint256 from = block.timestamp + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.AdminAnnounced(NEXT, uint40(from));
        asAdmin(abi.encodeCall(vault.transferAdmin, (NEXT)));
        vm.warp(from - 1);
        vm.prank(NEXT);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.acceptAdmin();
        vm.warp(from);
        vm.prank(STRANGER);
        vm.expectRevert(IVaultRoles.NotNextAdmin.selector);
        vault.acceptAdmin();
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.AdminChanged(ADMIN, NEXT);
        vm.prank(NEXT);
        vault.acceptAdmin();
        vm.assertEq(vault.admin(), NEXT, "admin");

        vm.prank(NEXT);
        vm.expectRevert(IVaultRoles.NotNextAdmin.selector);
        vault.acceptAdmin();
        vm.prank(ADMIN);
        vm.expectRevert(IVaultRoles.NotAdmin.selector);
        vault.addClaimer(KEY);
    }

    function testNobodyIsNotTheNextAdmin() public {
        vm.prank(ADMIN);
        vm.expectRevert(IVaultRoles.ZeroAddress.selector);
        vault.transferAdmin(address(0));
        vm.prank(address(0));
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.acceptAdmin();
    }

    function testTheLatestAnnouncementOfAnAdminCounts() public {
        asAdmin(abi.encodeCall(vault.transferAdmin, (NEXT)));
        asAdmin(abi.encodeCall(vault.transferAdmin, (ADMIN)));
        later(WAIT);
        vm.prank(NEXT);
        vm.expectRevert(IVaultRoles.NotNextAdmin.selector);
        vault.acceptAdmin();
    }

    /// @dev Neither is there a way to send ether in, which nothing could get out again.
    function testTheVaultTakesNoEther() public {
        (bool done,) = address(vault).call{value: 1}("");
        vm.assertTrue(!done, "ether was taken");
    }

    function adminCalls() private view returns (bytes[] memory calls) {
        calls = new bytes[](10);
        calls[0] = abi.encodeCall(vault.addPromiseKey, (KEY));
        calls[1] = abi.encodeCall(vault.removePromiseKey, (SIGNER));
        calls[2] = abi.encodeCall(vault.addClaimer, (KEY));
        calls[3] = abi.encodeCall(vault.removeClaimer, (CLAIMER));
        calls[4] = abi.encodeCall(vault.setRefunder, (KEY));
        calls[5] = abi.encodeCall(vault.setRefundCap, (address(token), 1));
        calls[6] = abi.encodeCall(vault.setNewPayeeCap, (address(token), 1));
        calls[7] = abi.encodeCall(vault.transferAdmin, (NEXT));
        calls[8] = abi.encodeCall(vault.announceTake, (address(token), 1));
        calls[9] = abi.encodeCall(vault.take, (address(token), NEXT));
    }

    function refusesCreditBy(address key) private {
        vm.prank(key);
        vm.expectRevert(IVaultRoles.NotLivePromiseKey.selector);
        vault.credit(address(token), promised(PAYEE, 1), false);
    }

    function refusesPromiseOf(uint256 key) private {
        bytes memory signed = promiseBy(key, PAYEE, 999);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.NotPromiseKey.selector, vm.addr(key)));
        vault.redeem(PAYEE, address(token), 999, signed);
    }
}
