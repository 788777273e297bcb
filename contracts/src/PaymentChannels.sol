// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ChannelState, ChannelWords, PendingWithdrawal} from "./ChannelWords.sol";
import {CompactRows} from "./CompactRows.sol";
import {ConfigHash} from "./ConfigHash.sol";
import {PackedLog} from "./PackedLog.sol";
import {ICompactClaims} from "./interfaces/ICompactClaims.sol";
import {IDepositCollector} from "./interfaces/IDepositCollector.sol";
import {IPaymentChannels} from "./interfaces/IPaymentChannels.sol";

/// @title Payment channels without an owner
/// @notice Nobody has power over a channel but its two sides. See `IPaymentChannels`, and
/// `ICompactClaims` for what is ours beside the published interface.
/// @dev Per token the contract holds at least the unclaimed balance of all channels plus what was
/// claimed and not settled. `totalClaimed <= balance` holds for every channel at all times: claims
/// check it, refunds and withdrawals take no more than the difference.
contract PaymentChannels is
    IPaymentChannels,
    ICompactClaims,
    EIP712,
    Multicall,
    ReentrancyGuardTransient
{
    using CompactRows for CompactRows.Row;
    using CompactRows for bytes;
    using PackedLog for bytes;
    using SafeERC20 for IERC20;

    /// @dev A word where it is stored; to name the place once saves looking for it twice.
    struct ChannelSlot {
        ChannelState state;
    }

    struct PendingSlot {
        PendingWithdrawal withdrawal;
    }

    struct Receiver {
        uint128 totalClaimed;
        uint128 totalSettled;
    }

    uint40 public constant MIN_WITHDRAW_DELAY = 15 minutes;
    uint40 public constant MAX_WITHDRAW_DELAY = 30 days;

    bytes32 public constant CHANNEL_CONFIG_TYPEHASH = keccak256(
        "ChannelConfig(address payer,address payerAuthorizer,address receiver,"
        "address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)"
    );
    bytes32 public constant VOUCHER_TYPEHASH =
        keccak256("Voucher(bytes32 channelId,uint128 maxClaimableAmount)");
    bytes32 public constant REFUND_TYPEHASH =
        keccak256("Refund(bytes32 channelId,uint256 nonce,uint128 amount)");
    bytes32 public constant CLAIM_ENTRY_TYPEHASH =
        keccak256("ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)");
    bytes32 public constant CLAIM_BATCH_TYPEHASH = keccak256(
        "ClaimBatch(ClaimEntry[] claims)"
        "ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)"
    );

    /// @inheritdoc ICompactClaims
    uint256 public constant COMPACT_CLAIMS = 1;

    PendingWithdrawal private constant NOTHING_PENDING = PendingWithdrawal.wrap(0);

    /// @dev A word each, so that a claim writes one. Never cleared: old vouchers stay spent.
    mapping(bytes32 channelId => ChannelSlot) private _channels;
    mapping(bytes32 channelId => PendingSlot) private _pendingWithdrawals;
    /// @inheritdoc IPaymentChannels
    mapping(bytes32 channelId => uint256) public refundNonce;
    /// @inheritdoc IPaymentChannels
    mapping(address receiver => mapping(address token => Receiver)) public receivers;

    constructor() EIP712("x402 Batch Settlement", "1") {}

    /// @inheritdoc IPaymentChannels
    function deposit(
        ChannelConfig calldata config,
        uint128 amount,
        address collector,
        bytes calldata collectorData
    ) external nonReentrant {
        _requireValid(config);
        if (amount == 0) revert ZeroDeposit();
        if (collector == address(0)) revert InvalidCollector();

        bytes32 channelId = getChannelId(config);
        ChannelSlot storage slot = _channels[channelId];
        uint128 before = slot.state.balance();
        if (amount > type(uint128).max - before) revert DepositOverflow();
        uint128 newBalance = before + amount;
        slot.state = ChannelWords.state(newBalance, slot.state.totalClaimed());

        _collect(config, amount, collector, channelId, collectorData);

        // An empty channel was never claimed from: what is claimed stays part of the balance.
        if (before == 0) emit ChannelCreated(channelId, config);
        emit Deposited(channelId, msg.sender, amount, newBalance);
    }

    /// @inheritdoc IPaymentChannels
    function claim(VoucherClaim[] calldata voucherClaims) external nonReentrant {
        uint256 count = voucherClaims.length;
        if (count == 0) revert EmptyBatch();
        for (uint256 i = 0; i < count; ++i) {
            if (!_isReceiverSide(voucherClaims[i].voucher.channel)) revert NotAuthorizedToClaim();
            _claim(voucherClaims[i]);
        }
    }

    /// @inheritdoc IPaymentChannels
    function claimWithSignature(VoucherClaim[] calldata voucherClaims, bytes calldata authorizerSignature)
        external
        nonReentrant
    {
        uint256 count = voucherClaims.length;
        if (count == 0) revert EmptyBatch();
        address authorizer = voucherClaims[0].voucher.channel.receiverAuthorizer;
        _requireSignedBy(authorizer, getClaimBatchDigest(voucherClaims), authorizerSignature);

        for (uint256 i = 0; i < count; ++i) {
            if (voucherClaims[i].voucher.channel.receiverAuthorizer != authorizer) {
                revert NotReceiverAuthorizer();
            }
            _claim(voucherClaims[i]);
        }
    }

    /// @inheritdoc ICompactClaims
    /// @dev Only the caller's own channels can be meant, since the caller is part of every id. The
    /// receiver's total is read and written once. Like every total it is a uint128: tokens of which
    /// more than that can exist are not supported, here or in `claim`.
    function claimCompactRows(bytes calldata batch) external nonReentrant returns (uint128 earned) {
        (uint256 from, uint256 longRows, uint256 end) = batch.span();
        if (from == end) revert EmptyBatch();
        (address receiverAuthorizer, address token, uint256 withdrawDelay) = batch.header();
        // A literal, since a struct that is declared first is first filled with zeros.
        CompactRows.Row memory row = CompactRows.Row({
            configTypehash: CHANNEL_CONFIG_TYPEHASH,
            payer: address(0),
            payerAuthorizer: address(0),
            receiver: msg.sender,
            receiverAuthorizer: receiverAuthorizer == address(0) ? msg.sender : receiverAuthorizer,
            token: token,
            withdrawDelay: withdrawDelay,
            salt: 0,
            voucherTypehash: VOUCHER_TYPEHASH,
            channelId: 0,
            ceiling: 0,
            prefix: 0x1901,
            domain: _domainSeparatorV4(),
            structHash: 0,
            digest: 0,
            v: 0,
            r: 0,
            s: 0
        });
        // A little more room than is needed where there are long rows.
        bytes memory log =
            PackedLog.open((end - from) / CompactRows.SHORT_ROW + 1, PackedLog.CLAIM_ROW);
        uint256 sum = 0;
        unchecked {
            // Each row earns a uint128.
            for (; from < longRows; from += CompactRows.SHORT_ROW) {
                (bytes32 channelId, uint256 charged) = row.readShort(from);
                sum += _claimIfGood(row, channelId, charged, log);
            }
            for (; from < end; from += CompactRows.LONG_ROW) {
                (bytes32 channelId, uint256 charged) = row.readLong(from);
                sum += _claimIfGood(row, channelId, charged, log);
            }
        }
        if (sum == 0) return 0;
        earned = SafeCast.toUint128(sum);
        receivers[msg.sender][token].totalClaimed += earned;
        emit ClaimedBatch(msg.sender, token, earned, log);
    }

    /// @inheritdoc IPaymentChannels
    function settle(address receiver, address token) external nonReentrant {
        Receiver storage earned = receivers[receiver][token];
        uint128 total = earned.totalClaimed;
        uint128 amount = total - earned.totalSettled;
        if (amount == 0) return; // Whoever settled first did the same thing.

        earned.totalSettled = total;
        emit Settled(receiver, token, msg.sender, amount);
        IERC20(token).safeTransfer(receiver, amount);
    }

    /// @inheritdoc IPaymentChannels
    function refund(ChannelConfig calldata config, uint128 amount) external nonReentrant {
        if (!_isReceiverSide(config)) revert NotAuthorizedToRefund();
        _refund(config, getChannelId(config), amount);
    }

    /// @inheritdoc IPaymentChannels
    function refundWithSignature(
        ChannelConfig calldata config,
        uint128 amount,
        uint256 nonce,
        bytes calldata receiverAuthorizerSignature
    ) external nonReentrant {
        bytes32 channelId = getChannelId(config);
        if (nonce != refundNonce[channelId]) revert InvalidRefundNonce();
        _requireSignedBy(
            config.receiverAuthorizer,
            getRefundDigest(channelId, nonce, amount),
            receiverAuthorizerSignature
        );
        _refund(config, channelId, amount);
    }

    /// @inheritdoc IPaymentChannels
    function initiateWithdraw(ChannelConfig calldata config, uint128 amount) external nonReentrant {
        if (!_isPayerSide(config)) revert InvalidChannel();
        if (amount == 0) revert NothingToWithdraw();

        bytes32 channelId = getChannelId(config);
        PendingSlot storage slot = _pendingWithdrawals[channelId];
        if (slot.withdrawal.initiatedAt() != 0) revert WithdrawalAlreadyPending();
        if (amount > _channels[channelId].state.unclaimed()) revert WithdrawAmountExceedsAvailable();

        uint40 initiatedAt = uint40(block.timestamp);
        slot.withdrawal = ChannelWords.pending(amount, initiatedAt);
        emit WithdrawInitiated(channelId, amount, initiatedAt + config.withdrawDelay);
    }

    /// @inheritdoc IPaymentChannels
    function finalizeWithdraw(ChannelConfig calldata config) external nonReentrant {
        if (!_isPayerSide(config)) revert NotAuthorizedToFinalizeWithdraw();

        bytes32 channelId = getChannelId(config);
        PendingSlot storage slot = _pendingWithdrawals[channelId];
        PendingWithdrawal pending = slot.withdrawal;
        if (pending.initiatedAt() == 0) revert WithdrawalNotPending();
        unchecked {
            // Both are uint40.
            if (block.timestamp < uint256(pending.initiatedAt()) + config.withdrawDelay) {
                revert WithdrawDelayNotElapsed();
            }
        }

        slot.withdrawal = NOTHING_PENDING;
        ChannelSlot storage channel = _channels[channelId];
        uint128 amount = _smaller(pending.amount(), channel.state.unclaimed());
        emit WithdrawFinalized(channelId, msg.sender, amount);
        _giveBack(config, channelId, channel, amount);
    }

    /// @inheritdoc IPaymentChannels
    function channels(bytes32 channelId)
        external
        view
        returns (uint128 balance, uint128 totalClaimed)
    {
        ChannelState channel = _channels[channelId].state;
        return (channel.balance(), channel.totalClaimed());
    }

    /// @inheritdoc IPaymentChannels
    function pendingWithdrawals(bytes32 channelId)
        external
        view
        returns (uint128 amount, uint40 initiatedAt)
    {
        PendingWithdrawal pending = _pendingWithdrawals[channelId].withdrawal;
        return (pending.amount(), pending.initiatedAt());
    }

    /// @inheritdoc IPaymentChannels
    function getChannelId(ChannelConfig calldata config) public view returns (bytes32) {
        return _hashTypedDataV4(ConfigHash.structHash(config, CHANNEL_CONFIG_TYPEHASH));
    }

    /// @inheritdoc IPaymentChannels
    function getVoucherDigest(bytes32 channelId, uint128 maxClaimableAmount)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(abi.encode(VOUCHER_TYPEHASH, channelId, maxClaimableAmount))
        );
    }

    /// @inheritdoc IPaymentChannels
    function getRefundDigest(bytes32 channelId, uint256 nonce, uint128 amount)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(keccak256(abi.encode(REFUND_TYPEHASH, channelId, nonce, amount)));
    }

    /// @inheritdoc IPaymentChannels
    function getClaimBatchDigest(VoucherClaim[] calldata voucherClaims) public view returns (bytes32) {
        bytes32[] memory entries = new bytes32[](voucherClaims.length);
        for (uint256 i = 0; i < entries.length; ++i) {
            VoucherClaim calldata row = voucherClaims[i];
            entries[i] = keccak256(
                abi.encode(
                    CLAIM_ENTRY_TYPEHASH,
                    getChannelId(row.voucher.channel),
                    row.voucher.maxClaimableAmount,
                    row.totalClaimed
                )
            );
        }
        bytes32 claims = keccak256(abi.encodePacked(entries));
        return _hashTypedDataV4(keccak256(abi.encode(CLAIM_BATCH_TYPEHASH, claims)));
    }

    /// @dev Records one row; the caller has checked who asks. The receiver's total is one more warm
    /// slot per row, which is what lets any mix of receivers and tokens share a batch.
    function _claim(VoucherClaim calldata row) private {
        ChannelConfig calldata config = row.voucher.channel;
        bytes32 channelId = getChannelId(config);
        ChannelSlot storage slot = _channels[channelId];
        ChannelState channel = slot.state;
        uint128 newTotal = row.totalClaimed;
        uint128 oldTotal = channel.totalClaimed();

        if (newTotal <= oldTotal) return; // Old news; an attacker may have sent this row first.
        if (newTotal > row.voucher.maxClaimableAmount) revert ClaimExceedsCeiling();
        if (newTotal > channel.balance()) revert ClaimExceedsBalance();
        _requireVoucherSigned(row, channelId);

        uint128 earned = newTotal - oldTotal;
        slot.state = ChannelWords.state(channel.balance(), newTotal);
        receivers[config.receiver][config.token].totalClaimed += earned;
        emit Claimed(channelId, msg.sender, earned, newTotal);
    }

    /// @dev Records the row just read, or nothing. What is cheap to see is looked at before the
    /// signature.
    function _claimIfGood(
        CompactRows.Row memory row,
        bytes32 channelId,
        uint256 charged,
        bytes memory log
    ) private returns (uint256) {
        ChannelSlot storage slot = _channels[channelId];
        ChannelState channel = slot.state;
        uint256 oldTotal = channel.totalClaimed();
        uint256 balance = channel.balance();
        uint256 newTotal = charged < balance ? charged : balance;
        if (newTotal <= oldTotal || !row.isSigned()) return 0;

        slot.state = ChannelWords.state(balance, newTotal);
        log.append(channelId, newTotal);
        unchecked {
            return newTotal - oldTotal;
        }
    }

    /// @dev The nonce advances first and always, so that a signed refund works once at most and a
    /// direct refund invalidates every signature given out before.
    function _refund(ChannelConfig calldata config, bytes32 channelId, uint128 requested) private {
        if (requested == 0) revert ZeroRefund();
        ++refundNonce[channelId];

        ChannelSlot storage channel = _channels[channelId];
        uint128 amount = _smaller(requested, channel.state.unclaimed());
        if (amount == 0) return;

        PendingSlot storage slot = _pendingWithdrawals[channelId];
        PendingWithdrawal pending = slot.withdrawal;
        if (pending.initiatedAt() != 0) {
            slot.withdrawal = amount < pending.amount()
                ? ChannelWords.pending(pending.amount() - amount, pending.initiatedAt())
                : NOTHING_PENDING;
        }
        emit Refunded(channelId, msg.sender, amount);
        _giveBack(config, channelId, channel, amount);
    }

    /// @dev The last step of refund and withdrawal: the amount, which is unclaimed, leaves the books and
    /// then the contract.
    function _giveBack(
        ChannelConfig calldata config,
        bytes32 channelId,
        ChannelSlot storage slot,
        uint128 amount
    ) private {
        ChannelState channel = slot.state.less(amount);
        slot.state = channel;
        if (channel.balance() == 0) emit ChannelClosed(channelId, config);
        if (amount != 0) IERC20(config.token).safeTransfer(config.payer, amount);
    }

    /// @dev Counts what arrives instead of believing the collector or the token.
    function _collect(
        ChannelConfig calldata config,
        uint128 amount,
        address collector,
        bytes32 channelId,
        bytes calldata collectorData
    ) private {
        IERC20 token = IERC20(config.token);
        uint256 held = token.balanceOf(address(this));
        IDepositCollector(collector).collect(
            config.payer, config.token, amount, channelId, collectorData
        );
        if (token.balanceOf(address(this)) != held + amount) revert DepositCollectionFailed();
    }

    /// @dev With an authoriser the signature is plain ECDSA and cannot be revoked; without one the
    /// payer is a contract, or an account, that answers for itself.
    function _requireVoucherSigned(VoucherClaim calldata row, bytes32 channelId) private view {
        bytes32 digest = getVoucherDigest(channelId, row.voucher.maxClaimableAmount);
        address authorizer = row.voucher.channel.payerAuthorizer;
        if (authorizer == address(0)) {
            _requireSignedBy(row.voucher.channel.payer, digest, row.signature);
        } else if (ECDSA.recoverCalldata(digest, row.signature) != authorizer) {
            revert InvalidSignature();
        }
    }

    function _requireSignedBy(address signer, bytes32 digest, bytes calldata signature) private view {
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) {
            revert InvalidSignature();
        }
    }

    function _requireValid(ChannelConfig calldata config) private pure {
        if (
            config.payer == address(0) || config.receiver == address(0)
                || config.receiverAuthorizer == address(0) || config.token == address(0)
        ) revert InvalidChannel();
        if (
            config.withdrawDelay < MIN_WITHDRAW_DELAY || config.withdrawDelay > MAX_WITHDRAW_DELAY
        ) revert WithdrawDelayOutOfRange();
    }

    function _isReceiverSide(ChannelConfig calldata config) private view returns (bool) {
        return msg.sender == config.receiver || msg.sender == config.receiverAuthorizer;
    }

    function _isPayerSide(ChannelConfig calldata config) private view returns (bool) {
        return msg.sender == config.payer || msg.sender == config.payerAuthorizer;
    }

    function _smaller(uint128 a, uint128 b) private pure returns (uint128) {
        return a < b ? a : b;
    }
}
