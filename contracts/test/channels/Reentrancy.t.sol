// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {ReentrantCollector} from "../support/Collectors.sol";
import {Fixture} from "../support/Fixture.sol";
import {HookToken} from "../support/Tokens.sol";

/// @dev C1, C2, C18: whoever gets control in the middle of a call, a collector or a token, cannot call
/// any function that changes something.
contract ReentrancyTest is Fixture {
    bytes32 private constant GUARD = bytes32(bytes4(keccak256("ReentrancyGuardReentrantCall()")));

    HookToken private hooked;

    function setUp() public override {
        super.setUp();
        hooked = new HookToken();
    }

    function testACollectorCannotCallBackAnyMutator() public {
        bytes[] memory calls = mutators();
        for (uint256 i = 0; i < calls.length; ++i) {
            ReentrantCollector reentrant = new ReentrantCollector();
            token.mint(PAYER, 10);
            vm.prank(PAYER);
            token.approve(address(reentrant), 10);
            channels.deposit(terms(), 10, address(reentrant), calls[i]);
            vm.assertEq(bytes32(reentrant.answer()), GUARD, vm.toString(i));
        }
        assertChannel(channels.getChannelId(terms()), 10 * calls.length, 0);
    }

    function testATokenCannotCallBackDuringARefund_C1() public {
        bytes[] memory calls = mutators();
        for (uint256 i = 0; i < calls.length; ++i) {
            fundHooked(100);
            hooked.setHook(address(channels), address(channels), calls[i]);
            vm.prank(RECEIVER);
            channels.refund(hookedTerms(), 40);
            assertGuarded(i);
            vm.prank(RECEIVER);
            channels.refund(hookedTerms(), 60);
        }
    }

    function testATokenCannotCallBackDuringASettlement_C2() public {
        bytes[] memory calls = mutators();
        for (uint256 i = 0; i < calls.length; ++i) {
            fundHooked(100);
            claimAsReceiver(hookedTerms(), uint128(100 * (i + 1)));
            hooked.setHook(address(channels), address(channels), calls[i]);
            channels.settle(RECEIVER, address(hooked));
            assertGuarded(i);
        }
    }

    function testATokenCannotCallBackDuringAWithdrawal_C2() public {
        bytes[] memory calls = mutators();
        for (uint256 i = 0; i < calls.length; ++i) {
            fundHooked(100);
            vm.prank(PAYER);
            channels.initiateWithdraw(hookedTerms(), 100);
            vm.warp(block.timestamp + DELAY);
            hooked.setHook(address(channels), address(channels), calls[i]);
            vm.prank(PAYER);
            channels.finalizeWithdraw(hookedTerms());
            assertGuarded(i);
        }
    }

    function testOneCallMayDoSeveralThings() public {
        fund(terms(), 1000);
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(terms(), 700, 700));
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(channels.claim, (rows));
        calls[1] = abi.encodeCall(channels.refund, (terms(), 300));
        calls[2] = abi.encodeCall(channels.settle, (RECEIVER, address(token)));
        vm.prank(RECEIVER);
        channels.multicall(calls);
        assertChannel(channels.getChannelId(terms()), 700, 700);
        vm.assertEq(token.balanceOf(RECEIVER), 700, "receiver");
    }

    function testTheCallerOfSeveralThingsIsTheCallerOfEach() public {
        fund(terms(), 1000);
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(channels.refund, (terms(), 300));
        vm.prank(STRANGER);
        vm.expectRevert(IPaymentChannels.NotAuthorizedToRefund.selector);
        channels.multicall(calls);
    }

    function mutators() private view returns (bytes[] memory calls) {
        IPaymentChannels.VoucherClaim[] memory none = new IPaymentChannels.VoucherClaim[](0);
        calls = new bytes[](9);
        calls[0] = abi.encodeCall(channels.deposit, (terms(), 1, address(collector), ""));
        calls[1] = abi.encodeCall(channels.claim, (none));
        calls[2] = abi.encodeCall(channels.claimWithSignature, (none, ""));
        calls[3] = abi.encodeCall(channels.settle, (RECEIVER, address(token)));
        calls[4] = abi.encodeCall(channels.refund, (terms(), 1));
        calls[5] = abi.encodeCall(channels.refundWithSignature, (terms(), 1, 0, ""));
        calls[6] = abi.encodeCall(channels.initiateWithdraw, (terms(), 1));
        calls[7] = abi.encodeCall(channels.finalizeWithdraw, (terms()));
        bytes memory batch = batchOf(new bytes(100), new bytes(168));
        calls[8] = abi.encodeCall(channels.claimCompactRows, (batch));
    }

    function hookedTerms() private view returns (IPaymentChannels.ChannelConfig memory config) {
        config = terms();
        config.token = address(hooked);
    }

    function fundHooked(uint128 amount) private {
        hooked.setHook(address(0), address(0), "");
        hooked.mint(PAYER, amount);
        vm.prank(PAYER);
        hooked.approve(address(collector), amount);
        channels.deposit(hookedTerms(), amount, address(collector), "");
    }

    function assertGuarded(uint256 i) private view {
        vm.assertTrue(!hooked.hookDone(), vm.toString(i));
        vm.assertEq(bytes32(hooked.hookResult()), GUARD, vm.toString(i));
    }
}
