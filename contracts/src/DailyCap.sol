// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title An allowance per day that can be lowered at once and raised only after a delay
/// @dev A day is a UTC day, so at midnight up to two allowances may follow one another.
library DailyCap {
    struct Cap {
        uint128 perDay;
        uint128 used;
        uint128 nextPerDay;
        uint40 day;
        uint40 nextFrom;
    }

    /// @notice How much of today's allowance is left.
    function left(Cap storage cap) internal view returns (uint128) {
        uint128 perDay = cap.perDay;
        if (cap.day != _today()) return perDay;
        uint128 used = cap.used;
        return used < perDay ? perDay - used : 0; // The cap may have been lowered since.
    }

    /// @notice Uses part of today's allowance. The caller has checked `left`.
    function use(Cap storage cap, uint128 amount) internal {
        if (cap.day == _today()) {
            cap.used += amount;
        } else {
            cap.day = _today();
            cap.used = amount;
        }
    }

    /// @notice Lowers the allowance now, and forgets an announced raise.
    function lower(Cap storage cap, uint128 perDay) internal {
        cap.perDay = perDay;
        cap.nextPerDay = 0;
        cap.nextFrom = 0;
    }

    /// @notice Announces a raise that can be confirmed from `from` on.
    function announce(Cap storage cap, uint128 perDay, uint40 from) internal {
        cap.nextPerDay = perDay;
        cap.nextFrom = from;
    }

    /// @notice True if a raise was announced and its delay is over.
    function ready(Cap storage cap) internal view returns (bool) {
        return cap.nextFrom != 0 && block.timestamp >= cap.nextFrom;
    }

    /// @notice Makes an announced raise effective. The caller has checked `ready`.
    function confirm(Cap storage cap) internal returns (uint128 perDay) {
        perDay = cap.nextPerDay;
        lower(cap, perDay);
    }

    function _today() private view returns (uint40) {
        return uint40(block.timestamp / 1 days);
    }
}
