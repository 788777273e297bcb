// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev A payee's books in one token, in one word: all it was credited (120 bits), all it was paid (120
/// bits), and above them whether it is known to be active. As a value it is read and written once,
/// where a struct is read once for each member.
type PayeeAccount is uint256;

using PayeeAccounts for PayeeAccount global;

library PayeeAccounts {
    uint256 internal constant MAX_TOTAL = type(uint120).max;

    uint256 private constant PAID_SHIFT = 120;
    uint256 private constant ACTIVE = 1 << 240;

    function credited(PayeeAccount account) internal pure returns (uint256) {
        return PayeeAccount.unwrap(account) & MAX_TOTAL;
    }

    function paid(PayeeAccount account) internal pure returns (uint256) {
        return (PayeeAccount.unwrap(account) >> PAID_SHIFT) & MAX_TOTAL;
    }

    /// @dev Never below zero, because nothing but what is credited is ever entered as paid.
    function unpaid(PayeeAccount account) internal pure returns (uint256) {
        unchecked {
            return credited(account) - paid(account);
        }
    }

    /// @dev By how much a promise exceeds what is credited; nothing if it is an older one.
    function lack(PayeeAccount account, uint256 promised) internal pure returns (uint256) {
        uint256 credited_ = credited(account);
        unchecked {
            return promised > credited_ ? promised - credited_ : 0;
        }
    }

    /// @dev False only says that it has to be looked up.
    function isActive(PayeeAccount account) internal pure returns (bool) {
        return PayeeAccount.unwrap(account) & ACTIVE != 0;
    }

    function activated(PayeeAccount account) internal pure returns (PayeeAccount) {
        return PayeeAccount.wrap(PayeeAccount.unwrap(account) | ACTIVE);
    }

    /// @param amount What is credited on top; with it, no more than `MAX_TOTAL` is.
    function withMore(PayeeAccount account, uint256 amount) internal pure returns (PayeeAccount) {
        unchecked {
            return PayeeAccount.wrap(PayeeAccount.unwrap(account) + amount);
        }
    }

    /// @dev Everything that is credited is paid.
    function allPaid(PayeeAccount account) internal pure returns (PayeeAccount) {
        uint256 rest = PayeeAccount.unwrap(account) & ~(MAX_TOTAL << PAID_SHIFT);
        return PayeeAccount.wrap(rest | (credited(account) << PAID_SHIFT));
    }
}
