// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Fixture} from "../support/Fixture.sol";
import {Wallet} from "../support/Wallets.sol";

contract RefundTest is Fixture {
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        id = fund(terms(), 1000);
    }

    function testTheReceiverGivesUnclaimedMoneyBack() public {
        claimAsReceiver(terms(), 300);
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.Refunded(id, RECEIVER, 500);
        vm.prank(RECEIVER);
        channels.refund(terms(), 500);
        assertChannel(id, 500, 300);
        vm.assertEq(token.balanceOf(PAYER), 500, "payer");
        vm.assertEq(channels.refundNonce(id), 1, "nonce");
    }

    function testTheReceiverAuthorizerMayRefund() public {
        vm.prank(RECEIVER_AUTHORIZER);
        channels.refund(terms(), 500);
        assertChannel(id, 500, 0);
    }

    function testFuzz_NobodyElseMayRefund(address caller) public {
        vm.assume(caller != RECEIVER && caller != RECEIVER_AUTHORIZER);
        vm.prank(caller);
        vm.expectRevert(IPaymentChannels.NotAuthorizedToRefund.selector);
        channels.refund(terms(), 1);
    }

    function testRefusesToRefundNothing() public {
        vm.prank(RECEIVER);
        vm.expectRevert(IPaymentChannels.ZeroRefund.selector);
        channels.refund(terms(), 0);
    }

    function testFuzz_ARefundIsCutToWhatIsUnclaimed(uint128 claimed, uint128 amount) public {
        claimed = bound128(claimed, 0, 1000);
        amount = bound128(amount, 1, type(uint128).max);
        claimAsReceiver(terms(), claimed);
        vm.prank(RECEIVER);
        channels.refund(terms(), amount);
        uint128 left = 1000 - claimed;
        uint128 paid = amount < left ? amount : left;
        vm.assertEq(token.balanceOf(PAYER), paid, "payer");
        assertChannel(id, 1000 - paid, claimed);
        vm.assertEq(channels.refundNonce(id), 1, "nonce");
    }

    function testARefundOfAllClosesAnUnclaimedChannel() public {
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.ChannelClosed(id, terms());
        vm.prank(RECEIVER);
        channels.refund(terms(), 1000);
    }

    function testARefundShrinksAPendingWithdrawal() public {
        vm.prank(PAYER);
        channels.initiateWithdraw(terms(), 600);
        uint256 initiatedAt = block.timestamp;
        vm.prank(RECEIVER);
        channels.refund(terms(), 200);
        assertPending(id, 400, initiatedAt);
    }

    function testARefundOfAsMuchEndsAPendingWithdrawal() public {
        vm.prank(PAYER);
        channels.initiateWithdraw(terms(), 600);
        vm.prank(RECEIVER);
        channels.refund(terms(), 600);
        assertPending(id, 0, 0);
        assertChannel(id, 400, 0);
    }

    function testFuzz_RefundAndWithdrawalTogetherPayNothingTwice(uint128 asked, uint128 refunded)
        public
    {
        asked = bound128(asked, 1, 1000);
        refunded = bound128(refunded, 1, 1000);
        vm.prank(PAYER);
        channels.initiateWithdraw(terms(), asked);
        vm.prank(RECEIVER);
        channels.refund(terms(), refunded);
        fund(terms(), 1000); // Money that the old withdrawal must not reach twice.
        vm.warp(block.timestamp + DELAY);
        (, uint40 since) = channels.pendingWithdrawals(id);
        if (since != 0) {
            vm.prank(PAYER);
            channels.finalizeWithdraw(terms());
        }
        uint128 highest = asked > refunded ? asked : refunded;
        vm.assertEq(token.balanceOf(PAYER), highest, "payer");
    }

    function testAnybodyMayBringASignedRefund() public {
        bytes memory signed =
            signature(RECEIVER_AUTHORIZER_KEY, channels.getRefundDigest(id, 0, 500));
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.Refunded(id, STRANGER, 500);
        vm.prank(STRANGER);
        channels.refundWithSignature(terms(), 500, 0, signed);
        vm.assertEq(token.balanceOf(PAYER), 500, "payer");
    }

    function testASignedRefundMayComeFromAContract() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.receiverAuthorizer = address(new Wallet(STRANGER));
        bytes32 walletId = fund(config, 100);
        channels.refundWithSignature(
            config, 60, 0, signature(STRANGER_KEY, channels.getRefundDigest(walletId, 0, 60))
        );
        assertChannel(walletId, 40, 0);
    }

    function testASignedRefundWorksOnce() public {
        bytes memory signed =
            signature(RECEIVER_AUTHORIZER_KEY, channels.getRefundDigest(id, 0, 500));
        channels.refundWithSignature(terms(), 500, 0, signed);
        vm.expectRevert(IPaymentChannels.InvalidRefundNonce.selector);
        channels.refundWithSignature(terms(), 500, 0, signed);
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        channels.refundWithSignature(terms(), 500, 1, signed);
    }

    function testADirectRefundInvalidatesSignedOnes() public {
        bytes memory signed =
            signature(RECEIVER_AUTHORIZER_KEY, channels.getRefundDigest(id, 0, 500));
        vm.prank(RECEIVER);
        channels.refund(terms(), 1);
        vm.expectRevert(IPaymentChannels.InvalidRefundNonce.selector);
        channels.refundWithSignature(terms(), 500, 0, signed);
    }

    function testARefundOfAnEmptyChannelStillUsesTheNonce() public {
        claimAsReceiver(terms(), 1000);
        vm.recordLogs();
        vm.prank(RECEIVER);
        channels.refund(terms(), 1);
        vm.assertEq(vm.getRecordedLogs().length, 0, "nothing happened, nothing is reported");
        vm.assertEq(channels.refundNonce(id), 1, "nonce");
    }

    function testFuzz_ASignedRefundIsForItsAmountOnly(uint128 shown) public {
        vm.assume(shown != 500);
        bytes memory signed =
            signature(RECEIVER_AUTHORIZER_KEY, channels.getRefundDigest(id, 0, 500));
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        channels.refundWithSignature(terms(), shown, 0, signed);
    }

    function testAVoucherSignatureIsNoRefund_C9() public {
        bytes memory signed =
            signature(RECEIVER_AUTHORIZER_KEY, channels.getVoucherDigest(id, 500));
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        channels.refundWithSignature(terms(), 500, 0, signed);
    }

    function testTheReceiverItselfDoesNotSignRefunds() public {
        bytes memory signed = signature(STRANGER_KEY, channels.getRefundDigest(id, 0, 500));
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        channels.refundWithSignature(terms(), 500, 0, signed);
    }
}
