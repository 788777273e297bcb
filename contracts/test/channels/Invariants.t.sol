// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Fixture} from "../support/Fixture.sol";

/// @dev Plays payer, receiver and strangers at random, with a few channels that share receivers.
contract ChannelsActor is Fixture {
    uint256 public constant CHANNELS = 4;

    uint128 public deposited;
    uint128 public returned;
    uint256[12] public outcomes;
    mapping(uint256 index => uint128) public highestClaimed;

    function act(uint256 action, uint256 index, uint128 amount, uint128 other) external {
        action = action % 6;
        index = index % CHANNELS;
        IPaymentChannels.ChannelConfig memory config = configAt(index);
        bool done;
        if (action == 0) done = deposit(config, bound128(amount, 1, 1e12));
        if (action == 1) done = claim(config, index, amount, other);
        if (action == 2) done = settle(config);
        if (action == 3) done = refund(config, bound128(amount, 0, 1e12));
        if (action == 4) done = initiate(config, bound128(amount, 0, 1e12));
        if (action == 5) done = finalize(config, other);
        ++outcomes[action * 2 + (done ? 1 : 0)];
    }

    function configAt(uint256 index)
        public
        view
        returns (IPaymentChannels.ChannelConfig memory config)
    {
        config = salted(index);
        if (index % 2 == 1) config.receiver = STRANGER;
    }

    function idAt(uint256 index) external view returns (bytes32) {
        return channels.getChannelId(configAt(index));
    }

    function escrow() external view returns (uint256) {
        return token.balanceOf(address(channels));
    }

    function earnedBy(address receiver) external view returns (uint256 earned, uint256 settled) {
        return channels.receivers(receiver, address(token));
    }

    function channelAt(uint256 index) external view returns (uint128 balance, uint128 claimed) {
        return channels.channels(channels.getChannelId(configAt(index)));
    }

    function received() external view returns (uint256) {
        return token.balanceOf(RECEIVER) + token.balanceOf(STRANGER);
    }

    function receivers() external view returns (address, address) {
        return (RECEIVER, STRANGER);
    }

    function deposit(IPaymentChannels.ChannelConfig memory config, uint128 amount)
        private
        returns (bool)
    {
        fund(config, amount);
        deposited += amount;
        return true;
    }

    /// @dev Mostly sensible claims, with some above ceiling and some above balance.
    function claim(
        IPaymentChannels.ChannelConfig memory config,
        uint256 index,
        uint128 amount,
        uint128 other
    ) private returns (bool) {
        uint128 balance = balanceOf(channels.getChannelId(config));
        uint128 ceiling = bound128(amount, 0, uint256(balance) + balance / 8 + 1);
        uint128 total = bound128(other, 0, uint256(ceiling) + ceiling / 8 + 1);
        if (amount % 2 == 1) return claimCompact(config, index, ceiling, total);
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(config, ceiling, total));
        vm.prank(config.receiver);
        try channels.claim(rows) {
            if (total > highestClaimed[index]) highestClaimed[index] = total;
            return true;
        } catch {
            return false;
        }
    }

    function claimCompact(
        IPaymentChannels.ChannelConfig memory config,
        uint256 index,
        uint128 ceiling,
        uint128 total
    ) private returns (bool) {
        bytes memory row = longRow(AUTHORIZER_KEY, config, ceiling, total);
        bytes memory batch =
            batchOf(config.receiverAuthorizer, config.token, DELAY, "", row);
        vm.prank(config.receiver);
        uint128 earned = channels.claimCompactRows(batch);
        highestClaimed[index] += earned; // A total above the balance is cut to it.
        return earned != 0;
    }

    function settle(IPaymentChannels.ChannelConfig memory config) private returns (bool) {
        channels.settle(config.receiver, address(token));
        return true;
    }

    function refund(IPaymentChannels.ChannelConfig memory config, uint128 amount)
        private
        returns (bool)
    {
        uint256 before = token.balanceOf(PAYER);
        vm.prank(config.receiver);
        try channels.refund(config, amount) {
            returned += uint128(token.balanceOf(PAYER) - before);
            return true;
        } catch {
            return false;
        }
    }

    function initiate(IPaymentChannels.ChannelConfig memory config, uint128 amount)
        private
        returns (bool)
    {
        vm.prank(PAYER);
        try channels.initiateWithdraw(config, amount) {
            return true;
        } catch {
            return false;
        }
    }

    function finalize(IPaymentChannels.ChannelConfig memory config, uint128 wait)
        private
        returns (bool)
    {
        vm.warp(block.timestamp + wait % (2 * DELAY));
        uint256 before = token.balanceOf(PAYER);
        vm.prank(PAYER);
        try channels.finalizeWithdraw(config) {
            returned += uint128(token.balanceOf(PAYER) - before);
            return true;
        } catch {
            return false;
        }
    }
}

contract ChannelsInvariantTest is Fixture {
    ChannelsActor private actor;

    function setUp() public override {
        actor = new ChannelsActor();
        actor.setUp();
    }

    /// @dev Forge calls only what is named here.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(actor);
        targets[0].selectors = new bytes4[](1);
        targets[0].selectors[0] = ChannelsActor.act.selector;
    }

    /// @dev One campaign for all of them: each would otherwise have its own.
    function invariant_TheBooksBalance() public view {
        claimedNeverExceedsTheBalance();
        claimedNeverFalls();
        theContractHoldsWhatItOwes();
        noMoneyIsMadeOrLost();
        receiversEarnWhatWasClaimed();
    }

    /// @dev A random walk that never gets anywhere would prove nothing.
    function testTheRandomWalkReachesEveryOutcome() public {
        for (uint256 i = 0; i < 800; ++i) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            actor.act(random >> 8, random >> 16, uint128(random >> 64), uint128(random >> 128));
        }
        // Every action worked; claims and both steps of a withdrawal were refused as well.
        uint256[9] memory reached = [uint256(1), 3, 5, 7, 9, 11, 2, 8, 10];
        for (uint256 i = 0; i < reached.length; ++i) {
            vm.assertTrue(actor.outcomes(reached[i]) > 2, vm.toString(reached[i]));
        }
        invariant_TheBooksBalance();
    }

    function claimedNeverExceedsTheBalance() private view {
        for (uint256 i = 0; i < actor.CHANNELS(); ++i) {
            (uint128 balance, uint128 claimed) = actor.channelAt(i);
            vm.assertLe(claimed, balance, "claimed above balance");
        }
    }

    function claimedNeverFalls() private view {
        for (uint256 i = 0; i < actor.CHANNELS(); ++i) {
            (, uint128 claimed) = actor.channelAt(i);
            vm.assertEq(claimed, actor.highestClaimed(i), "claimed is the highest total ever claimed");
        }
    }

    /// @dev Liabilities: what payers could still take back, and what receivers could still be sent.
    function theContractHoldsWhatItOwes() private view {
        uint256 liabilities = 0;
        for (uint256 i = 0; i < actor.CHANNELS(); ++i) {
            (uint128 balance, uint128 claimed) = actor.channelAt(i);
            liabilities += balance - claimed;
        }
        (address first, address second) = actor.receivers();
        liabilities += unsettled(first) + unsettled(second);
        vm.assertEq(actor.escrow(), liabilities, "escrow is exactly what is owed");
    }

    function noMoneyIsMadeOrLost() private view {
        uint256 out = uint256(actor.returned()) + actor.received();
        vm.assertEq(actor.escrow() + out, actor.deposited(), "what went in is inside or came out");
    }

    function receiversEarnWhatWasClaimed() private view {
        uint256 claimedInAll = 0;
        for (uint256 i = 0; i < actor.CHANNELS(); ++i) {
            (, uint128 claimed) = actor.channelAt(i);
            claimedInAll += claimed;
        }
        (address first, address second) = actor.receivers();
        (uint256 earnedFirst,) = actor.earnedBy(first);
        (uint256 earnedSecond,) = actor.earnedBy(second);
        vm.assertEq(earnedFirst + earnedSecond, claimedInAll, "earned is the sum of claims");
    }

    function unsettled(address receiver) private view returns (uint256) {
        (uint256 earned, uint256 settled) = actor.earnedBy(receiver);
        return earned - settled;
    }
}
