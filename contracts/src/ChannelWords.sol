// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev What a channel holds (low 128 bits) and how much of that is claimed (high 128 bits), in one
/// word. As a value it is read and written once, where a struct is read once for each member.
type ChannelState is uint256;

/// @dev An announced withdrawal: its amount (low 128 bits) and since when it is pending (40 bits).
/// All zero if there is none.
type PendingWithdrawal is uint256;

using ChannelWords for ChannelState global;
using ChannelWords for PendingWithdrawal global;

library ChannelWords {
    uint256 private constant LOW = type(uint128).max;

    function state(uint256 balance_, uint256 totalClaimed_) internal pure returns (ChannelState) {
        return ChannelState.wrap((totalClaimed_ << 128) | balance_);
    }

    function balance(ChannelState self) internal pure returns (uint128) {
        // Nothing is lost: the rest is masked out.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint128(ChannelState.unwrap(self) & LOW);
    }

    function totalClaimed(ChannelState self) internal pure returns (uint128) {
        return uint128(ChannelState.unwrap(self) >> 128);
    }

    /// @dev Never below zero: no more than the balance is ever claimed.
    function unclaimed(ChannelState self) internal pure returns (uint128) {
        unchecked {
            return self.balance() - self.totalClaimed();
        }
    }

    /// @dev Takes `units` out of the balance; the caller knows that so much is unclaimed.
    function less(ChannelState self, uint128 units) internal pure returns (ChannelState) {
        unchecked {
            return ChannelState.wrap(ChannelState.unwrap(self) - units);
        }
    }

    function pending(uint128 amount_, uint40 since_) internal pure returns (PendingWithdrawal) {
        return PendingWithdrawal.wrap((uint256(since_) << 128) | amount_);
    }

    function amount(PendingWithdrawal self) internal pure returns (uint128) {
        // Nothing is lost: the rest is masked out.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint128(PendingWithdrawal.unwrap(self) & LOW);
    }

    function initiatedAt(PendingWithdrawal self) internal pure returns (uint40) {
        return uint40(PendingWithdrawal.unwrap(self) >> 128);
    }
}
