// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {LyingCollector, WrongAmountCollector} from "../support/Collectors.sol";
import {Fixture} from "../support/Fixture.sol";
import {Vm} from "../support/Test.sol";
import {FalseToken, FeeToken, SilentToken} from "../support/Tokens.sol";

contract DepositTest is Fixture {
    function testADepositOpensAChannelAndReportsIt() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        bytes32 id = channels.getChannelId(config);
        token.mint(PAYER, 500);
        vm.prank(PAYER);
        token.approve(address(collector), 500);

        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.ChannelCreated(id, config);
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.Deposited(id, STRANGER, 500, 500);
        vm.prank(STRANGER);
        channels.deposit(config, 500, address(collector), "");

        assertChannel(id, 500, 0);
        vm.assertEq(token.balanceOf(address(channels)), 500, "escrow");
    }

    function testFuzz_DepositsAddUp(uint128 first, uint128 second) public {
        first = bound128(first, 1, type(uint128).max - 1);
        second = bound128(second, 1, type(uint128).max - first);
        bytes32 id = fund(terms(), first);
        fund(terms(), second);
        assertChannel(id, uint256(first) + second, 0);
    }

    function testATopUpDoesNotCreateTheChannelAgain() public {
        fund(terms(), 500);
        vm.recordLogs();
        fund(terms(), 500);
        assertNoneCreated();
    }

    function testAChannelThatWasClaimedEmptyIsNotCreatedAgain() public {
        bytes32 id = fund(terms(), 500);
        claimAsReceiver(terms(), 500);
        // Only a channel with nothing left to claim or refund gets here with claimed == balance.
        assertChannel(id, 500, 500);
        vm.recordLogs();
        fund(terms(), 1);
        assertNoneCreated();
    }

    function testADepositDoesNotCancelOrRaiseAPendingWithdrawal() public {
        bytes32 id = fund(terms(), 500);
        vm.prank(PAYER);
        channels.initiateWithdraw(terms(), 200);
        uint256 initiatedAt = block.timestamp;
        vm.warp(initiatedAt + 10);
        fund(terms(), 500);
        assertPending(id, 200, initiatedAt);
    }

    function testRefusesTermsWithoutPayer() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.payer = address(0);
        refuses(config, IPaymentChannels.InvalidChannel.selector);
    }

    function testRefusesTermsWithoutReceiver() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.receiver = address(0);
        refuses(config, IPaymentChannels.InvalidChannel.selector);
    }

    function testRefusesTermsWithoutReceiverAuthorizer_C7() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.receiverAuthorizer = address(0);
        refuses(config, IPaymentChannels.InvalidChannel.selector);
    }

    function testRefusesTermsWithoutToken() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.token = address(0);
        refuses(config, IPaymentChannels.InvalidChannel.selector);
    }

    function testTheDelayHasBounds_C25() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.withdrawDelay = channels.MIN_WITHDRAW_DELAY() - 1;
        refuses(config, IPaymentChannels.WithdrawDelayOutOfRange.selector);
        config.withdrawDelay = channels.MAX_WITHDRAW_DELAY() + 1;
        refuses(config, IPaymentChannels.WithdrawDelayOutOfRange.selector);

        config.withdrawDelay = channels.MIN_WITHDRAW_DELAY();
        fund(config, 1);
        config.withdrawDelay = channels.MAX_WITHDRAW_DELAY();
        fund(config, 1);
    }

    function testRefusesADepositOfNothing() public {
        vm.expectRevert(IPaymentChannels.ZeroDeposit.selector);
        channels.deposit(terms(), 0, address(collector), "");
    }

    function testRefusesADepositWithoutCollector() public {
        vm.expectRevert(IPaymentChannels.InvalidCollector.selector);
        channels.deposit(terms(), 1, address(0), "");
    }

    function testABalanceDoesNotOverflow_C14() public {
        bytes32 id = fund(terms(), type(uint128).max);
        token.mint(PAYER, 1);
        vm.expectRevert(IPaymentChannels.DepositOverflow.selector);
        channels.deposit(terms(), 1, address(collector), "");
        assertChannel(id, type(uint128).max, 0);
    }

    function testFuzz_RefusesACollectorThatDeliversAnotherAmount(int128 error_) public {
        error_ = int128(int256(bound(uint256(int256(error_)), 0, 1998))) - 999;
        vm.assume(error_ != 0);
        WrongAmountCollector wrong = new WrongAmountCollector();
        token.mint(PAYER, 5000);
        vm.prank(PAYER);
        token.approve(address(wrong), 5000);
        vm.expectRevert(IPaymentChannels.DepositCollectionFailed.selector);
        channels.deposit(terms(), 1000, address(wrong), abi.encode(int256(error_)));
    }

    function testADepositIsCountedNotBelieved() public {
        fund(salted(1), 1000); // Somebody else's money is already there.
        LyingCollector liar = new LyingCollector();
        vm.expectRevert(IPaymentChannels.DepositCollectionFailed.selector);
        channels.deposit(terms(), 1000, address(liar), "");
    }

    function testRefusesATokenThatTakesAFee_C17() public {
        FeeToken fee = new FeeToken();
        IPaymentChannels.ChannelConfig memory config = terms();
        config.token = address(fee);
        fee.mint(PAYER, 1000);
        vm.prank(PAYER);
        fee.approve(address(collector), 1000);
        vm.expectRevert(IPaymentChannels.DepositCollectionFailed.selector);
        channels.deposit(config, 1000, address(collector), "");
    }

    function testDustFromAStrangerDoesNotBlockADeposit_C22() public {
        fund(terms(), 500);
        token.mint(address(channels), 1);
        bytes32 id = fund(terms(), 500);
        assertChannel(id, 1000, 0);
    }

    function testTakesATokenThatReturnsNothing_C19() public {
        SilentToken silent = new SilentToken();
        silent.mint(PAYER, 1000);
        IPaymentChannels.ChannelConfig memory config = terms();
        config.token = address(silent);
        channels.deposit(config, 1000, address(collector), "");
        assertChannel(channels.getChannelId(config), 1000, 0);
    }

    function testATokenThatReportsFailureIsNotBelieved_C19() public {
        FalseToken falseToken = new FalseToken();
        falseToken.mint(PAYER, 1000);
        falseToken.setFailing(true);
        IPaymentChannels.ChannelConfig memory config = terms();
        config.token = address(falseToken);
        vm.expectRevert(
            abi.encodeWithSignature("SafeERC20FailedOperation(address)", address(falseToken))
        );
        channels.deposit(config, 1000, address(collector), "");
    }

    function refuses(IPaymentChannels.ChannelConfig memory config, bytes4 selector) private {
        vm.expectRevert(selector);
        channels.deposit(config, 1, address(collector), "");
    }

    function assertNoneCreated() private {
        bytes32 created = IPaymentChannels.ChannelCreated.selector;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertTrue(logs.length > 0, "a deposit emits something");
        for (uint256 i = 0; i < logs.length; ++i) {
            vm.assertTrue(logs[i].topics[0] != created, "created twice");
        }
    }
}
