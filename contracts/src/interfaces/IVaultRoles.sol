// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Who may do what in a vault, and how slowly that changes
/// @notice What makes the vault safer, or only lets it work, happens at once. What could be turned
/// against payees or payers is announced first and waits for `DELAY`. No role can move credit, stop
/// withdrawals or redirect a payee.
/// @dev Where the passing of time alone makes a change effective, its second event comes with the
/// first use; where a step is needed, anybody may take it by the `confirm` functions.
interface IVaultRoles {
    event AdminAnnounced(address indexed next, uint40 acceptableFrom);
    event AdminChanged(address indexed previous, address indexed admin);
    event ClaimerAdded(address indexed key);
    event ClaimerRemovalAnnounced(address indexed key, uint40 confirmableFrom);
    event ClaimerRemoved(address indexed key);
    event PromiseKeyAnnounced(address indexed key, uint40 liveFrom);
    event PromiseKeyLive(address indexed key);
    /// @notice The key can credit no more; what it signed stays redeemable until then.
    event PromiseKeyRemoved(address indexed key, uint40 redeemableUntil);
    event PayeeAnnounced(address indexed payee, uint40 activeFrom);
    event PayeeActive(address indexed payee);
    event RefunderAnnounced(address indexed refunder, uint40 confirmableFrom);
    event RefunderChanged(address indexed previous, address indexed refunder);
    event RefundCapAnnounced(address indexed token, uint128 perDay, uint40 confirmableFrom);
    event RefundCapChanged(address indexed token, uint128 perDay);
    event NewPayeeCapAnnounced(address indexed token, uint128 perDay, uint40 confirmableFrom);
    event NewPayeeCapChanged(address indexed token, uint128 perDay);

    error NotAdmin();
    error NotClaimer();
    error NotRefunder();
    error NotLivePromiseKey();
    error NotNextAdmin();
    error ZeroAddress();
    error DelayOutOfRange(uint40 delay);
    error InvalidPayee(address payee);
    /// @notice Nothing was announced, or the delay is not over.
    error NotReady();
    error UnknownKey(address key);
    error KeyAlreadyKnown(address key);

    /// @notice How long announced changes wait, in seconds.
    function DELAY() external view returns (uint40);

    /// @notice Lets `payee` be credited without limit after the delay; until then all new payees of a
    /// token share a daily cap. For promise keys and the admin. Irrevocable; repeating it does nothing.
    function announcePayee(address payee) external;

    /// @notice Announces a key that may credit and sign promises after the delay. For the admin.
    function addPromiseKey(address key) external;

    /// @notice Ends a key's right to credit at once, and that to have its promises redeemed after the
    /// delay. For the admin.
    function removePromiseKey(address key) external;

    /// @notice Lets `key` claim, at once: claims only bring money in. For the admin.
    function addClaimer(address key) external;

    /// @notice Announces that `key` shall not claim any more; late, lest the operator stop a
    /// watchtower at the wrong moment. For the admin.
    function removeClaimer(address key) external;
    function confirmClaimerRemoval(address key) external;

    /// @notice Announces a new refunder; zero removes the present one, at once. For the admin.
    function setRefunder(address next) external;
    function confirmRefunder() external;

    /// @notice Lowers the cap at once or announces a raise. For the admin.
    function setRefundCap(address token, uint128 perDay) external;
    function confirmRefundCap(address token) external;

    /// @notice Lowers the cap at once or announces a raise. For the admin.
    function setNewPayeeCap(address token, uint128 perDay) external;
    function confirmNewPayeeCap(address token) external;

    /// @notice Names the next admin, who has to accept after the delay. For the admin.
    function transferAdmin(address next) external;
    function acceptAdmin() external;

    function admin() external view returns (address);
    function nextAdmin() external view returns (address next, uint40 acceptableFrom);
    function refunder() external view returns (address);
    function nextRefunder() external view returns (address next, uint40 confirmableFrom);

    /// @notice True while `key` may claim.
    function claimer(address key) external view returns (bool);
    /// @notice When the announced removal of a claimer can be confirmed; zero if none is announced.
    function claimerRemovableFrom(address key) external view returns (uint40);

    /// @notice From when on `key` may credit, and until when its promises are honoured. Zero `from`:
    /// unknown. Zero `until`: not removed.
    function promiseKey(address key) external view returns (uint40 from, uint40 until);

    /// @notice From when on `payee` can be credited without limit; zero if it was never announced.
    function activeFrom(address payee) external view returns (uint40);

    /// @notice The cap on refunds per day, what is left of it today, and an announced raise.
    function refundCap(address token)
        external
        view
        returns (uint128 perDay, uint128 left, uint128 nextPerDay, uint40 nextFrom);

    /// @notice The cap on credit per day to payees announced less than `DELAY` ago, taken together.
    function newPayeeCap(address token)
        external
        view
        returns (uint128 perDay, uint128 left, uint128 nextPerDay, uint40 nextFrom);
}
