// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DailyCap} from "./DailyCap.sol";
import {IVaultRoles} from "./interfaces/IVaultRoles.sol";

/// @title The roles of a vault. See `IVaultRoles`.
/// @dev Holds no money and calls nobody.
abstract contract VaultRoles is IVaultRoles {
    using DailyCap for DailyCap.Cap;

    struct TimedKey {
        uint40 from;
        uint40 until;
        bool used;
    }

    struct Payee {
        uint40 activeFrom;
        bool reported;
    }

    struct Claimer {
        bool active;
        uint40 removableFrom;
    }

    struct NextAddress {
        address next;
        uint40 from;
    }

    uint40 private constant MIN_PUBLIC_DELAY = 2 days;
    uint40 private constant MAX_DELAY = 30 days;

    /// @inheritdoc IVaultRoles
    uint40 public immutable DELAY;

    /// @inheritdoc IVaultRoles
    address public admin;
    /// @inheritdoc IVaultRoles
    NextAddress public nextAdmin;
    /// @inheritdoc IVaultRoles
    address public refunder;
    /// @inheritdoc IVaultRoles
    NextAddress public nextRefunder;

    mapping(address key => Claimer) private _claimers;
    mapping(address key => TimedKey) private _promiseKeys;
    mapping(address payee => Payee) private _payees;
    mapping(address token => DailyCap.Cap) internal _refundCaps;
    mapping(address token => DailyCap.Cap) internal _newPayeeCaps;

    modifier onlyAdmin() {
        if (msg.sender != admin) revert NotAdmin();
        _;
    }

    modifier onlyClaimer() {
        if (!_claimers[msg.sender].active) revert NotClaimer();
        _;
    }

    modifier onlyRefunder() {
        if (msg.sender != refunder) revert NotRefunder();
        _;
    }

    /// @dev A delay that payees could not react to is for the chain ids of development nodes only.
    constructor(uint40 delay, address admin_, address refunder_) {
        bool development = block.chainid == 31337 || block.chainid == 1337;
        if (delay == 0 || delay > MAX_DELAY) revert DelayOutOfRange(delay);
        if (!development && delay < MIN_PUBLIC_DELAY) revert DelayOutOfRange(delay);
        if (admin_ == address(0)) revert ZeroAddress();
        DELAY = delay;
        admin = admin_;
        emit AdminChanged(address(0), admin_);
        refunder = refunder_;
        emit RefunderChanged(address(0), refunder_);
    }

    /// @inheritdoc IVaultRoles
    function announcePayee(address payee) external {
        if (msg.sender != admin && !_isLive(msg.sender)) revert NotLivePromiseKey();
        _announcePayee(payee, _afterDelay());
    }

    /// @inheritdoc IVaultRoles
    function addPromiseKey(address key) external onlyAdmin {
        _addPromiseKey(key, _afterDelay());
    }

    /// @inheritdoc IVaultRoles
    function removePromiseKey(address key) external onlyAdmin {
        TimedKey storage entry = _promiseKeys[key];
        if (entry.from == 0) revert UnknownKey(key);
        if (entry.until != 0) return; // A second removal must not lengthen the first.

        if (_isOver(entry.from)) {
            entry.until = _afterDelay();
            emit PromiseKeyRemoved(key, entry.until);
        } else {
            delete _promiseKeys[key]; // It was never live, so no promise of it deserves grace.
            emit PromiseKeyRemoved(key, uint40(block.timestamp));
        }
    }

    /// @inheritdoc IVaultRoles
    function addClaimer(address key) external onlyAdmin {
        _addClaimer(key);
    }

    /// @inheritdoc IVaultRoles
    function removeClaimer(address key) external onlyAdmin {
        Claimer storage entry = _claimers[key];
        if (!entry.active) revert UnknownKey(key);
        uint40 from = _afterDelay();
        entry.removableFrom = from;
        emit ClaimerRemovalAnnounced(key, from);
    }

    /// @inheritdoc IVaultRoles
    function confirmClaimerRemoval(address key) external {
        if (!_isOver(_claimers[key].removableFrom)) revert NotReady();
        delete _claimers[key];
        emit ClaimerRemoved(key);
    }

    /// @inheritdoc IVaultRoles
    function setRefunder(address next) external onlyAdmin {
        if (next == address(0)) {
            _changeRefunder(next);
        } else {
            nextRefunder = NextAddress(next, _afterDelay());
            emit RefunderAnnounced(next, nextRefunder.from);
        }
    }

    /// @inheritdoc IVaultRoles
    function confirmRefunder() external {
        if (!_isOver(nextRefunder.from)) revert NotReady();
        _changeRefunder(nextRefunder.next);
    }

    /// @inheritdoc IVaultRoles
    function setRefundCap(address token, uint128 perDay) external onlyAdmin {
        DailyCap.Cap storage cap = _refundCaps[token];
        if (perDay <= cap.perDay) {
            cap.lower(perDay);
            emit RefundCapChanged(token, perDay);
        } else {
            uint40 from = _afterDelay();
            cap.announce(perDay, from);
            emit RefundCapAnnounced(token, perDay, from);
        }
    }

    /// @inheritdoc IVaultRoles
    function confirmRefundCap(address token) external {
        DailyCap.Cap storage cap = _refundCaps[token];
        if (!cap.ready()) revert NotReady();
        emit RefundCapChanged(token, cap.confirm());
    }

    /// @inheritdoc IVaultRoles
    function setNewPayeeCap(address token, uint128 perDay) external onlyAdmin {
        DailyCap.Cap storage cap = _newPayeeCaps[token];
        if (perDay <= cap.perDay) {
            cap.lower(perDay);
            emit NewPayeeCapChanged(token, perDay);
        } else {
            uint40 from = _afterDelay();
            cap.announce(perDay, from);
            emit NewPayeeCapAnnounced(token, perDay, from);
        }
    }

    /// @inheritdoc IVaultRoles
    function confirmNewPayeeCap(address token) external {
        DailyCap.Cap storage cap = _newPayeeCaps[token];
        if (!cap.ready()) revert NotReady();
        emit NewPayeeCapChanged(token, cap.confirm());
    }

    /// @inheritdoc IVaultRoles
    function transferAdmin(address next) external onlyAdmin {
        if (next == address(0)) revert ZeroAddress();
        nextAdmin = NextAddress(next, _afterDelay());
        emit AdminAnnounced(next, nextAdmin.from);
    }

    /// @inheritdoc IVaultRoles
    function acceptAdmin() external {
        if (msg.sender != nextAdmin.next) revert NotNextAdmin();
        if (!_isOver(nextAdmin.from)) revert NotReady();
        emit AdminChanged(admin, msg.sender);
        admin = msg.sender;
        delete nextAdmin;
    }

    /// @inheritdoc IVaultRoles
    function claimer(address key) external view returns (bool) {
        return _claimers[key].active;
    }

    /// @inheritdoc IVaultRoles
    function claimerRemovableFrom(address key) external view returns (uint40) {
        return _claimers[key].removableFrom;
    }

    /// @inheritdoc IVaultRoles
    function promiseKey(address key) external view returns (uint40 from, uint40 until) {
        return (_promiseKeys[key].from, _promiseKeys[key].until);
    }

    /// @inheritdoc IVaultRoles
    function activeFrom(address payee) external view returns (uint40) {
        return _payees[payee].activeFrom;
    }

    /// @inheritdoc IVaultRoles
    function refundCap(address token) external view returns (uint128, uint128, uint128, uint40) {
        return _describe(_refundCaps[token]);
    }

    /// @inheritdoc IVaultRoles
    function newPayeeCap(address token) external view returns (uint128, uint128, uint128, uint40) {
        return _describe(_newPayeeCaps[token]);
    }

    function _addClaimer(address key) internal {
        if (key == address(0)) revert ZeroAddress();
        _claimers[key] = Claimer(true, 0);
        emit ClaimerAdded(key);
    }

    /// @dev A key that was removed can come back, but not while its old promises are still honoured:
    /// the new delay would cut that time short.
    function _addPromiseKey(address key, uint40 from) internal {
        if (key == address(0)) revert ZeroAddress();
        TimedKey memory old = _promiseKeys[key];
        if (old.from != 0 && !_isOver(old.until)) revert KeyAlreadyKnown(key);
        _promiseKeys[key] = TimedKey(from, 0, false);
        emit PromiseKeyAnnounced(key, from);
    }

    function _announcePayee(address payee, uint40 from) internal {
        if (payee == address(0) || payee == address(this)) revert InvalidPayee(payee);
        if (_payees[payee].activeFrom != 0) return;
        _payees[payee].activeFrom = from;
        emit PayeeAnnounced(payee, from);
    }

    /// @dev Refuses a key that may not credit now, and reports one at its first use.
    function _useLiveKey(address key) internal {
        TimedKey storage entry = _promiseKeys[key];
        if (!_isOver(entry.from) || entry.until != 0) revert NotLivePromiseKey();
        _report(entry, key);
    }

    /// @dev True if `key` may credit now.
    function _isLive(address key) private view returns (bool) {
        TimedKey storage entry = _promiseKeys[key];
        return _isOver(entry.from) && entry.until == 0;
    }

    /// @dev True if promises signed by `key` are honoured now.
    function _isHonoured(address key) internal view returns (bool) {
        TimedKey storage entry = _promiseKeys[key];
        return _isOver(entry.from) && (entry.until == 0 || block.timestamp < entry.until);
    }

    /// @dev Reports a key at its first use.
    function _reportKey(address key) internal {
        _report(_promiseKeys[key], key);
    }

    function _report(TimedKey storage entry, address key) private {
        if (entry.used) return;
        entry.used = true;
        emit PromiseKeyLive(key);
    }

    /// @dev Whether `payee` was ever announced, and whether its delay is over.
    function _stateOf(address payee) internal returns (bool announced, bool active) {
        Payee storage entry = _payees[payee];
        uint40 from = entry.activeFrom;
        announced = from != 0;
        active = _isOver(from);
        if (active && !entry.reported) {
            entry.reported = true;
            emit PayeeActive(payee);
        }
    }

    function _afterDelay() internal view returns (uint40) {
        return uint40(block.timestamp) + DELAY;
    }

    function _changeRefunder(address next) private {
        emit RefunderChanged(refunder, next);
        refunder = next;
        delete nextRefunder;
    }

    /// @dev Zero means "not set", which is never over.
    function _isOver(uint40 time) private view returns (bool) {
        return time != 0 && block.timestamp >= time;
    }

    function _describe(DailyCap.Cap storage cap)
        private
        view
        returns (uint128 perDay, uint128 left, uint128 nextPerDay, uint40 nextFrom)
    {
        return (cap.perDay, cap.left(), cap.nextPerDay, cap.nextFrom);
    }
}
