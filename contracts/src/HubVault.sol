// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {DailyCap} from "./DailyCap.sol";
import {PackedLog} from "./PackedLog.sol";
import {PayeeAccount, PayeeAccounts} from "./PayeeAccount.sol";
import {PayeeRows} from "./PayeeRows.sol";
import {Push} from "./Push.sol";
import {VaultRoles} from "./VaultRoles.sol";
import {IHubVault} from "./interfaces/IHubVault.sol";
import {IPaymentChannels} from "./interfaces/IPaymentChannels.sol";

/// @title The hub's vault. See `IHubVault` for what it promises and `IVaultRoles` for who may do what.
/// @dev Invariant, for tokens that neither rebase nor confiscate: the balance is at least `owed`.
/// Tokens leave in two ways only: as credit, to the payee or where the payee says, and by `take`,
/// out of what is free.
contract HubVault is IHubVault, IERC1271, VaultRoles, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using Address for address;
    using DailyCap for DailyCap.Cap;
    using PackedLog for bytes;
    using PackedLog for uint256;
    using PayeeRows for bytes32[];
    using PayeeRows for uint256;

    /// @notice The caps of one token at deployment.
    struct TokenCaps {
        address token;
        uint128 refundPerDay;
        uint128 newPayeesPerDay;
    }

    /// @notice What a vault starts with. Keys and payees given here are live at once.
    /// @dev A second promise key kept offline is a spare for the day the first one is stolen: adding
    /// one then would take `DELAY`.
    struct Settings {
        IPaymentChannels channels;
        uint40 delay;
        address admin;
        address refunder;
        address[] claimers;
        address[] promiseKeys;
        address[] payees;
        TokenCaps[] caps;
    }

    /// @dev An account where it is stored; to name the place once saves looking for it twice.
    struct Slot {
        PayeeAccount account;
    }

    struct Book {
        uint128 owed;
        uint128 creditedTotal;
    }

    struct Take {
        uint128 amount;
        uint40 announcedAt;
        uint256 freeThen;
        uint256 creditedThen;
    }

    bytes32 public constant PROMISE_TYPEHASH =
        keccak256("Promise(address payee,address token,uint128 cumulative)");

    /// @notice How long an announced take stays open after the delay.
    uint40 public constant TAKE_WINDOW = 1 days;

    /// @dev Twice what a transfer of a usual token takes, too little for a recipient's hook to spoil a
    /// batch: a hundred such payments fit into one transaction.
    uint256 private constant PUSH_GAS = 120_000;

    /// @inheritdoc IHubVault
    IPaymentChannels public immutable CHANNELS;
    /// @inheritdoc IHubVault
    uint256 public constant COMPACT_CLAIMS = 1;

    /// @inheritdoc IHubVault
    mapping(address token => Take) public announcedTake;

    mapping(address token => mapping(address payee => Slot)) private _accounts;
    mapping(address token => Book) private _books;

    constructor(Settings memory settings)
        VaultRoles(settings.delay, settings.admin, settings.refunder)
        EIP712("Millrace HubVault", "1")
    {
        // A call to an address without code would succeed, and every claim seem to be recorded.
        if (address(settings.channels).code.length == 0) revert ZeroAddress();
        CHANNELS = settings.channels;

        uint40 start = uint40(block.timestamp);
        for (uint256 i = 0; i < settings.claimers.length; ++i) {
            _addClaimer(settings.claimers[i]);
        }
        for (uint256 i = 0; i < settings.promiseKeys.length; ++i) {
            _addPromiseKey(settings.promiseKeys[i], start);
        }
        for (uint256 i = 0; i < settings.payees.length; ++i) {
            _announcePayee(settings.payees[i], start);
        }
        for (uint256 i = 0; i < settings.caps.length; ++i) {
            TokenCaps memory caps = settings.caps[i];
            _refundCaps[caps.token].perDay = caps.refundPerDay;
            emit RefundCapChanged(caps.token, caps.refundPerDay);
            _newPayeeCaps[caps.token].perDay = caps.newPayeesPerDay;
            emit NewPayeeCapChanged(caps.token, caps.newPayeesPerDay);
        }
    }

    /// @inheritdoc IHubVault
    /// @dev The function has the same name and arguments on both sides, so the calldata is passed on
    /// as it came; encoding it anew would cost more than the call.
    function claim(IPaymentChannels.VoucherClaim[] calldata rows) external nonReentrant onlyClaimer {
        bool clean = true;
        for (uint256 i = 0; i < rows.length; ++i) {
            if (_faultOf(rows[i].voucher.channel) != 0) clean = false;
        }
        if (clean) {
            (bool done,) = address(CHANNELS).call(msg.data);
            if (done) return;
        }
        for (uint256 i = 0; i < rows.length; ++i) {
            _claimAlone(rows[i]);
        }
    }

    /// @inheritdoc IHubVault
    /// @dev The vault need not look at the rows: they can only be of its own channels, and none is
    /// taken whose vouchers are revocable. Name and arguments are the same on both sides, so the calldata
    /// is passed on as it came.
    function claimCompactRows(bytes calldata)
        external
        nonReentrant
        onlyClaimer
        returns (uint128 earned)
    {
        bytes memory answer = address(CHANNELS).functionCall(msg.data);
        return abi.decode(answer, (uint128));
    }

    /// @inheritdoc IHubVault
    function refund(IPaymentChannels.VoucherClaim calldata row, uint128 amount)
        external
        nonReentrant
        onlyRefunder
    {
        IPaymentChannels.ChannelConfig calldata config = row.voucher.channel;
        if (config.receiver != address(this)) revert WrongReceiver();
        if (config.payerAuthorizer == address(0)) revert RevocableVouchers();

        CHANNELS.claim(_only(row));
        (uint128 balance, uint128 totalClaimed) = CHANNELS.channels(CHANNELS.getChannelId(config));
        if (totalClaimed < row.totalClaimed) revert ClaimNotRecorded();
        uint128 unclaimed = balance - totalClaimed;
        if (amount > unclaimed) revert RefundExceedsUnclaimed(unclaimed);

        DailyCap.Cap storage cap = _refundCaps[config.token];
        uint128 left = cap.left();
        if (amount > left) revert RefundExceedsCap(left);
        cap.use(amount);
        CHANNELS.refund(config, amount);
    }

    /// @inheritdoc IHubVault
    function credit(address token, bytes32[] calldata rows, bool push)
        external
        nonReentrant
    {
        _useLiveKey(msg.sender);
        uint256 available = _sweep(token);
        bytes memory log = PackedLog.open(rows.length, PackedLog.PAYEE_ROW);
        if (push) {
            (uint256 left, uint256 paid) = _creditAndPay(token, rows, available, log);
            uint128 credited = _enter(token, available - left, paid);
            // What is paid was owed, which is a uint128.
            // forge-lint: disable-next-line(unsafe-typecast)
            if (paid != 0) emit PaidBatch(token, credited, uint128(paid), log);
        } else {
            uint256 left = _creditAll(token, rows, available, log);
            if (left == available) return;
            emit CreditedBatch(token, _enter(token, available - left, 0), log);
        }
    }

    /// @inheritdoc IHubVault
    function redeem(address payee, address token, uint128 cumulative, bytes calldata signature)
        external
        nonReentrant
    {
        address signer =
            ECDSA.recoverCalldata(promiseDigest(payee, token, cumulative), signature);
        if (!_isHonoured(signer)) revert NotPromiseKey(signer);
        _reportKey(signer);
        uint256 total = _smaller(cumulative, PayeeAccounts.MAX_TOTAL);
        uint256 available = _sweep(token);
        Slot storage slot = _accounts[token][payee];
        (PayeeAccount entry, uint256 amount) =
            _limited(token, payee, slot.account, slot.account.lack(total), available);
        if (amount == 0) return;
        entry = entry.withMore(amount);
        slot.account = entry;
        _enter(token, amount, 0);
        _reportCredit(token, payee, amount, entry.credited());
    }

    /// @inheritdoc IHubVault
    function withdraw(address token, address to) external nonReentrant {
        _requireRecipient(to);
        _pay(msg.sender, token, to);
    }

    /// @inheritdoc IHubVault
    function withdrawFor(address payee, address token) external nonReentrant {
        _pay(payee, token, payee);
    }

    /// @inheritdoc IHubVault
    function announceTake(address token, uint128 amount) external nonReentrant onlyAdmin {
        if (amount == 0) revert NothingToTake();
        uint256 available = _sweep(token);
        if (amount > available) revert TakeExceedsFree(available);

        uint40 now_ = uint40(block.timestamp);
        announcedTake[token] = Take(amount, now_, available, _books[token].creditedTotal);
        emit TakeAnnounced(token, amount, now_ + DELAY, now_ + DELAY + TAKE_WINDOW);
    }

    /// @inheritdoc IHubVault
    /// @dev Payees come first: everything credited since the announcement is taken off what was free
    /// then, though newer money may have paid for it.
    function take(address token, address to) external nonReentrant onlyAdmin {
        _requireRecipient(to);
        Take memory announced = announcedTake[token];
        if (announced.announcedAt == 0) revert NothingToTake();
        uint256 from = uint256(announced.announcedAt) + DELAY;
        uint256 until = from + TAKE_WINDOW;
        if (block.timestamp < from || block.timestamp >= until) revert TakeNotOpen(from, until);

        delete announcedTake[token];
        uint256 credited = _books[token].creditedTotal - announced.creditedThen;
        uint256 rest = announced.freeThen > credited ? announced.freeThen - credited : 0;
        uint128 amount = _smaller(_smaller(announced.amount, rest), _free(token));
        emit Taken(token, to, amount);
        if (amount != 0) IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IHubVault
    function isValidSignature(bytes32, bytes calldata)
        external
        pure
        override(IHubVault, IERC1271)
        returns (bytes4)
    {
        return 0xffffffff;
    }

    /// @inheritdoc IHubVault
    function account(address payee, address token) external view returns (uint128, uint128) {
        PayeeAccount entry = _accounts[token][payee].account;
        return (uint128(entry.credited()), uint128(entry.paid()));
    }

    /// @inheritdoc IHubVault
    function owed(address token) external view nonReentrantView returns (uint256) {
        return _books[token].owed;
    }

    /// @inheritdoc IHubVault
    function creditedTotal(address token) external view nonReentrantView returns (uint256) {
        return _books[token].creditedTotal;
    }

    /// @inheritdoc IHubVault
    /// @dev Not from within a payment: what is just being paid would look free or owed.
    function free(address token) external view nonReentrantView returns (uint256) {
        return _free(token);
    }

    function _free(address token) private view returns (uint256) {
        uint256 held = IERC20(token).balanceOf(address(this));
        uint256 owed_ = _books[token].owed;
        return held > owed_ ? held - owed_ : 0;
    }

    /// @inheritdoc IHubVault
    function promiseDigest(address payee, address token, uint128 cumulative)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(keccak256(abi.encode(PROMISE_TYPEHASH, payee, token, cumulative)));
    }

    function _claimAlone(IPaymentChannels.VoucherClaim calldata row) private {
        bytes4 fault = _faultOf(row.voucher.channel);
        if (fault != 0) {
            emit RowSkipped(CHANNELS.getChannelId(row.voucher.channel), abi.encodePacked(fault));
            return;
        }
        try CHANNELS.claim(_only(row)) {}
        catch (bytes memory reason) {
            emit RowSkipped(CHANNELS.getChannelId(row.voucher.channel), reason);
        }
    }

    /// @dev Credits the rows in their order out of what is left to be credited, and returns the rest.
    function _creditAll(
        address token,
        bytes32[] calldata rows,
        uint256 left,
        bytes memory log
    ) private returns (uint256) {
        mapping(address payee => Slot) storage accounts = _accounts[token];
        uint256 place = log.start();
        for (uint256 i = 0; i < rows.length; ++i) {
            uint256 row = rows.word(i);
            Slot storage slot = accounts[row.payee()];
            PayeeAccount entry = slot.account;
            // An older promise changes nothing.
            if (row.promised() <= entry.credited()) continue;
            unchecked {
                uint256 amount = row.promised() - entry.credited();
                if (amount > left || !entry.isActive()) {
                    row -= amount;
                    (entry, amount) = _limited(token, row.payee(), entry, amount, left);
                    if (amount == 0) continue;
                    row += amount; // What the payee is credited, where its promise was.
                }
                left -= amount;
                slot.account = entry.withMore(amount);
            }
            place = place.put(row);
        }
        log.close(place);
        return left;
    }

    /// @dev The same, and pays each payee all it has. Meanwhile all writers of the books are locked out,
    /// and so is who reads them from within a payment.
    function _creditAndPay(
        address token,
        bytes32[] calldata rows,
        uint256 left,
        bytes memory log
    ) private returns (uint256, uint256 paid) {
        mapping(address payee => Slot) storage accounts = _accounts[token];
        for (uint256 i = 0; i < rows.length; ++i) {
            uint256 row = rows.word(i);
            Slot storage slot = accounts[row.payee()];
            PayeeAccount entry = slot.account;
            uint256 amount = entry.lack(row.promised());
            if (amount > left || !entry.isActive()) {
                (entry, amount) = _limited(token, row.payee(), entry, amount, left);
            }
            unchecked {
                left -= amount;
                paid += _push(token, row.payee(), slot, entry.withMore(amount), amount, log);
            }
        }
        return (left, paid);
    }

    /// @dev Stores the account as paid in full and pays it, at the payee's own address. If that fails,
    /// what the account was credited stays credit.
    /// @param amount What was just credited, as no log says yet.
    function _push(
        address token,
        address payee,
        Slot storage slot,
        PayeeAccount entry,
        uint256 amount,
        bytes memory log
    ) private returns (uint256 due) {
        due = entry.unpaid();
        if (due == 0) return 0;
        slot.account = entry.allPaid();
        uint256 credited = entry.credited();
        if (!Push.send(token, payee, due, PUSH_GAS)) {
            slot.account = entry;
            due = 0;
            emit PushFailed(payee, token);
        } else if (credited <= type(uint96).max) {
            log.appendPayee(payee, credited);
            return due;
        } else {
            // A part of the account, none of which has more than 120 bits.
            // forge-lint: disable-next-line(unsafe-typecast)
            emit Paid(payee, token, payee, uint128(due));
        }
        if (amount != 0) _reportCredit(token, payee, amount, credited);
    }

    function _reportCredit(address token, address payee, uint256 amount, uint256 credited) private {
        // Parts of the account, none of which has more than 120 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        emit Credited(payee, token, uint128(amount), uint128(credited));
    }

    /// @dev How much of `amount` can be credited out of `available`; the rest of a promise stays
    /// redeemable. A payee whose delay is not over draws on the daily cap of all such payees. One whose
    /// delay is over is so for ever, and the account notes it, which saves later credits a second word.
    function _limited(
        address token,
        address payee,
        PayeeAccount entry,
        uint256 amount,
        uint256 available
    ) private returns (PayeeAccount, uint256) {
        if (amount == 0) return (entry, 0);
        if (amount > available) amount = available;
        if (entry.isActive()) return (entry, amount);

        (bool announced, bool active) = _stateOf(payee);
        if (!announced) revert PayeeNotAnnounced(payee);
        if (active) return (entry.activated(), amount);

        DailyCap.Cap storage cap = _newPayeeCaps[token];
        uint128 allowed = _smaller(cap.left(), amount);
        if (allowed != 0) cap.use(allowed);
        return (entry, allowed);
    }

    /// @dev Enters what was credited and paid into the book of its token.
    function _enter(address token, uint256 credited, uint256 paid)
        private
        returns (uint128 total)
    {
        total = SafeCast.toUint128(credited);
        Book storage book = _books[token];
        book.owed = SafeCast.toUint128(uint256(book.owed) + credited - paid);
        book.creditedTotal += total;
    }

    /// @dev Nothing to pay is nothing to do: somebody else may have called `withdrawFor` before.
    function _pay(address payee, address token, address to) private {
        Slot storage slot = _accounts[token][payee];
        PayeeAccount entry = slot.account;
        uint128 amount = uint128(entry.unpaid());
        if (amount == 0) return;

        slot.account = entry.allPaid();
        _books[token].owed -= amount;
        emit Paid(payee, token, to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @dev Fetches what was claimed and returns what is free then.
    function _sweep(address token) private returns (uint256) {
        CHANNELS.settle(address(this), token);
        return _free(token);
    }

    /// @dev Paying the vault would turn credit into free money.
    function _requireRecipient(address to) private view {
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);
    }

    /// @dev The error a row deserves before the channel contract even sees it, or zero.
    function _faultOf(IPaymentChannels.ChannelConfig calldata config) private view returns (bytes4) {
        if (config.receiver != address(this)) return WrongReceiver.selector;
        if (config.payerAuthorizer == address(0)) return RevocableVouchers.selector;
        return 0;
    }

    function _only(IPaymentChannels.VoucherClaim calldata row)
        private
        pure
        returns (IPaymentChannels.VoucherClaim[] memory rows)
    {
        rows = new IPaymentChannels.VoucherClaim[](1);
        rows[0] = row;
    }

    /// @dev No more than `a`, hence no loss in the cast.
    function _smaller(uint128 a, uint256 b) private pure returns (uint128) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return b < a ? uint128(b) : a;
    }
}
