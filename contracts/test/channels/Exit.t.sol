// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Fixture} from "../support/Fixture.sol";

contract ExitTest is Fixture {
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        id = fund(terms(), 1000);
    }

    function testAWithdrawalIsAnnouncedAndPaidAfterTheDelay() public {
        uint40 finalizeAfter = uint40(block.timestamp) + DELAY;
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.WithdrawInitiated(id, 400, finalizeAfter);
        initiate(400);
        assertPending(id, 400, block.timestamp);
        assertChannel(id, 1000, 0);

        vm.warp(finalizeAfter);
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.WithdrawFinalized(id, PAYER, 400);
        finalize();
        assertPending(id, 0, 0);
        assertChannel(id, 600, 0);
        vm.assertEq(token.balanceOf(PAYER), 400, "payer");
    }

    function testThePayersAuthorizerMayDoBothButIsNotPaid() public {
        vm.prank(AUTHORIZER);
        channels.initiateWithdraw(terms(), 400);
        vm.warp(block.timestamp + DELAY);
        vm.prank(AUTHORIZER);
        channels.finalizeWithdraw(terms());
        vm.assertEq(token.balanceOf(PAYER), 400, "payer");
        vm.assertEq(token.balanceOf(AUTHORIZER), 0, "authorizer");
    }

    function testFuzz_NobodyElseStartsAWithdrawal_C24(address caller) public {
        vm.assume(caller != PAYER && caller != AUTHORIZER);
        vm.prank(caller);
        vm.expectRevert(IPaymentChannels.InvalidChannel.selector);
        channels.initiateWithdraw(terms(), 1);
    }

    function testFuzz_NobodyElseFinishesAWithdrawal_C24(address caller) public {
        vm.assume(caller != PAYER && caller != AUTHORIZER);
        initiate(400);
        vm.warp(block.timestamp + DELAY);
        vm.prank(caller);
        vm.expectRevert(IPaymentChannels.NotAuthorizedToFinalizeWithdraw.selector);
        channels.finalizeWithdraw(terms());
    }

    function testRefusesToWithdrawNothing() public {
        vm.prank(PAYER);
        vm.expectRevert(IPaymentChannels.NothingToWithdraw.selector);
        channels.initiateWithdraw(terms(), 0);
    }

    function testRefusesASecondWithdrawal() public {
        initiate(400);
        vm.prank(PAYER);
        vm.expectRevert(IPaymentChannels.WithdrawalAlreadyPending.selector);
        channels.initiateWithdraw(terms(), 1);
    }

    function testFuzz_OnlyWhatIsUnclaimedCanBeWithdrawn(uint128 claimed, uint128 amount) public {
        claimed = bound128(claimed, 0, 1000);
        amount = bound128(amount, 1001 - uint256(claimed), type(uint128).max);
        claimAsReceiver(terms(), claimed);
        vm.prank(PAYER);
        vm.expectRevert(IPaymentChannels.WithdrawAmountExceedsAvailable.selector);
        channels.initiateWithdraw(terms(), amount);
    }

    function testRefusesToFinishWhatWasNotStarted() public {
        vm.warp(block.timestamp + DELAY);
        vm.prank(PAYER);
        vm.expectRevert(IPaymentChannels.WithdrawalNotPending.selector);
        channels.finalizeWithdraw(terms());
    }

    function testTheDelayEndsAtItsSecondAndNotBefore_C25() public {
        initiate(400);
        uint256 start = block.timestamp;
        vm.warp(start + DELAY - 1);
        vm.prank(PAYER);
        vm.expectRevert(IPaymentChannels.WithdrawDelayNotElapsed.selector);
        channels.finalizeWithdraw(terms());
        vm.warp(start + DELAY);
        finalize();
    }

    function testAClaimUpToTheLastMomentComesFirst_C13() public {
        initiate(1000);
        vm.warp(block.timestamp + DELAY);
        claimAsReceiver(terms(), 700);
        finalize();
        assertChannel(id, 700, 700);
        vm.assertEq(token.balanceOf(PAYER), 300, "payer");
    }

    function testAClaimAfterTheWithdrawalComesTooLate_C13() public {
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(terms(), 700, 700));
        initiate(1000);
        vm.warp(block.timestamp + DELAY);
        finalize();
        vm.prank(RECEIVER);
        vm.expectRevert(IPaymentChannels.ClaimExceedsBalance.selector);
        channels.claim(rows);
    }

    function testFuzz_AWithdrawalIsCutToWhatIsLeft_C27(uint128 amount, uint128 claimed) public {
        amount = bound128(amount, 1, 1000);
        claimed = bound128(claimed, 0, 1000);
        initiate(amount);
        claimAsReceiver(terms(), claimed);
        vm.warp(block.timestamp + DELAY);
        finalize();
        uint128 left = 1000 - claimed;
        uint128 paid = amount < left ? amount : left;
        vm.assertEq(token.balanceOf(PAYER), paid, "payer");
        assertChannel(id, 1000 - paid, claimed);
    }

    function testAnEmptyWithdrawalStillClearsTheAnnouncement() public {
        initiate(1000);
        claimAsReceiver(terms(), 1000);
        vm.warp(block.timestamp + DELAY);
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.WithdrawFinalized(id, PAYER, 0);
        finalize();
        assertPending(id, 0, 0);
    }

    function testWithdrawingAllOfAnUnclaimedChannelClosesIt() public {
        initiate(1000);
        vm.warp(block.timestamp + DELAY);
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.ChannelClosed(id, terms());
        finalize();
    }

    /// @dev It does not expire, so a hub must refuse payments for as long as it is there.
    function testAnAnnouncementNeverExpires() public {
        initiate(400);
        vm.warp(block.timestamp + 3650 days);
        finalize();
        vm.assertEq(token.balanceOf(PAYER), 400, "payer");
    }

    function testAWithdrawalPaysOnce() public {
        fund(salted(1), 1000);
        initiate(400);
        vm.warp(block.timestamp + DELAY);
        finalize();
        vm.prank(PAYER);
        vm.expectRevert(IPaymentChannels.WithdrawalNotPending.selector);
        channels.finalizeWithdraw(terms());
    }

    function initiate(uint128 amount) private {
        vm.prank(PAYER);
        channels.initiateWithdraw(terms(), amount);
    }

    function finalize() private {
        vm.prank(PAYER);
        channels.finalizeWithdraw(terms());
    }
}
