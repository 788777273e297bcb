// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IHubVault} from "../../src/interfaces/IHubVault.sol";
import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

contract VaultTakeTest is VaultFixture {
    address private constant SAFE = address(0x5AFE);

    function testFreeMoneyIsTakenAfterTheDelay() public {
        earn(0, 1000);
        uint40 from = uint40(block.timestamp) + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.TakeAnnounced(address(token), 400, from, from + 1 days);
        announce(400);
        later(WAIT);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.Taken(address(token), SAFE, 400);
        take();
        vm.assertEq(token.balanceOf(SAFE), 400, "taken");
        assertBook(0, 600, 0);
    }

    function testFuzz_OnlyTheAdminAnnouncesAndTakes(address caller) public {
        vm.assume(caller != ADMIN);
        earn(0, 1000);
        vm.prank(caller);
        vm.expectRevert(IVaultRoles.NotAdmin.selector);
        vault.announceTake(address(token), 400);
        announce(400);
        later(WAIT);
        vm.prank(caller);
        vm.expectRevert(IVaultRoles.NotAdmin.selector);
        vault.take(address(token), SAFE);
    }

    function testTheWindowHasTwoEnds_C25() public {
        earn(0, 1000);
        announce(400);
        uint256 from = block.timestamp + WAIT;
        uint256 until = from + 1 days;
        bytes memory closed = abi.encodeWithSelector(IHubVault.TakeNotOpen.selector, from, until);

        vm.warp(from - 1);
        vm.prank(ADMIN);
        vm.expectRevert(closed);
        vault.take(address(token), SAFE);
        vm.warp(until);
        vm.prank(ADMIN);
        vm.expectRevert(closed);
        vault.take(address(token), SAFE);
        vm.warp(until - 1);
        take();
        vm.assertEq(token.balanceOf(SAFE), 400, "taken");
    }

    function testATakeIsForOnce() public {
        earn(0, 1000);
        announce(400);
        later(WAIT);
        take();
        vm.prank(ADMIN);
        vm.expectRevert(IHubVault.NothingToTake.selector);
        vault.take(address(token), SAFE);
    }

    function testOnlyWhatIsFreeIsAnnounced() public {
        earn(0, 1000);
        creditTo(PAYEE, 700);
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.TakeExceedsFree.selector, 300));
        vault.announceTake(address(token), 301);
        vm.prank(ADMIN);
        vm.expectRevert(IHubVault.NothingToTake.selector);
        vault.announceTake(address(token), 0);
    }

    function testAnotherAnnouncementReplacesTheFirstAndStartsAgain() public {
        earn(0, 1000);
        announce(400);
        later(WAIT);
        announce(100);
        vm.prank(ADMIN);
        vm.expectRevert();
        vault.take(address(token), SAFE);
        later(WAIT);
        take();
        vm.assertEq(token.balanceOf(SAFE), 100, "taken");
    }

    function testPayeesComeFirst() public {
        earn(0, 1000);
        announce(1000);
        redeem(PAYEE, 700); // A promise made before, brought because of the announcement.
        later(WAIT);
        take();
        vm.assertEq(token.balanceOf(SAFE), 300, "taken");
        assertBook(700, 0, 700);
    }

    /// @dev Money that comes after the announcement is for payees, even if it paid for their credit.
    function testNewerMoneyIsNotTaken() public {
        earn(0, 1000);
        announce(1000);
        earn(1, 5000);
        redeem(PAYEE, 700);
        later(WAIT);
        take();
        vm.assertEq(token.balanceOf(SAFE), 300, "taken");
        assertBook(700, 5000, 700);
    }

    /// @dev The issuer of a token may take back what the vault held; credit is not to pay for that.
    function testATakeNeverReachesIntoCredit() public {
        earn(0, 1000);
        creditTo(PAYEE, 600);
        announce(400);
        vm.prank(address(vault));
        token.transfer(STRANGER, 250);
        later(WAIT);
        take();
        vm.assertEq(token.balanceOf(SAFE), 150, "taken");
        assertBook(600, 0, 600);
    }

    function testIfPayeesTookEverythingTheTakeIsEmpty() public {
        earn(0, 1000);
        announce(1000);
        earn(1, 1000);
        redeem(PAYEE, 1500);
        later(WAIT);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.Taken(address(token), SAFE, 0);
        take();
        vm.assertEq(token.balanceOf(SAFE), 0, "taken");
    }

    function testWithdrawalsInBetweenChangeNothing() public {
        earn(0, 1000);
        creditTo(PAYEE, 500);
        announce(500);
        vault.withdrawFor(PAYEE, address(token));
        later(WAIT);
        take();
        vm.assertEq(token.balanceOf(SAFE), 500, "taken");
        assertBook(0, 0, 500);
    }

    function testFuzz_CreditIsNeverTaken(
        uint128 earned,
        uint128 before,
        uint128 wanted,
        uint128 newer,
        uint128 since
    ) public {
        earned = bound128(earned, 1, 1e28);
        newer = bound128(newer, 1, 1e28);
        before = bound128(before, 0, earned - 1);
        since = bound128(since, 0, 3e28);
        wanted = bound128(wanted, 1, earned - before);
        earn(0, earned);
        creditTo(PAYEE, before);
        announce(wanted);
        earn(1, newer);
        creditTo(PAYEE, since);
        later(WAIT);
        take();

        uint256 taken = token.balanceOf(SAFE);
        vm.assertLe(taken, wanted, "more than announced");
        vm.assertGe(token.balanceOf(address(vault)), vault.owed(address(token)), "credit is covered");
        (uint128 credited,) = vault.account(PAYEE, address(token));
        uint256 creditedSince = credited - before;
        uint256 freeThen = earned - before;
        uint256 rest = freeThen > creditedSince ? freeThen - creditedSince : 0;
        vm.assertEq(taken, wanted < rest ? wanted : rest, "taken");
    }

    function testATakeGoesToNobodyIsRefused() public {
        earn(0, 1000);
        announce(400);
        later(WAIT);
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.InvalidRecipient.selector, address(0)));
        vault.take(address(token), address(0));
    }

    function testTheAnnouncementIsPublic() public {
        earn(0, 1000);
        creditTo(PAYEE, 100);
        announce(400);
        (uint128 amount, uint40 announcedAt, uint256 freeThen, uint256 creditedThen) =
            vault.announcedTake(address(token));
        vm.assertEq(amount, 400, "amount");
        vm.assertEq(announcedAt, block.timestamp, "time");
        vm.assertEq(freeThen, 900, "free");
        vm.assertEq(creditedThen, 100, "credited");
    }

    function testTakesAreKeptApartByToken() public {
        earn(0, 1000);
        announce(400);
        later(WAIT);
        vm.prank(ADMIN);
        vm.expectRevert(IHubVault.NothingToTake.selector);
        vault.take(address(0xDEAD), SAFE);
    }

    function announce(uint128 amount) private {
        vm.prank(ADMIN);
        vault.announceTake(address(token), amount);
    }

    function take() private {
        vm.prank(ADMIN);
        vault.take(address(token), SAFE);
    }
}
