// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Unidirectional payment channels of the x402 scheme `batch-settlement`
/// @notice A payer locks tokens for one receiver and then pays with vouchers. A voucher is
/// cumulative: it allows the receiver to claim up to a ceiling in all, so a later one replaces an
/// earlier one and no nonce is needed.
/// @dev Signatures, types, events and errors are those of the published interface; stock clients,
/// facilitators and watchtowers depend on every one of them.
interface IPaymentChannels {
    /// @notice The terms of a channel. Their typed-data hash is its id, so terms cannot change.
    /// @dev With `payerAuthorizer` zero, vouchers are checked with `payer` by EIP-1271.
    struct ChannelConfig {
        address payer;
        address payerAuthorizer;
        address receiver;
        address receiverAuthorizer;
        address token;
        uint40 withdrawDelay;
        bytes32 salt;
    }

    /// @notice What the payer signs: the channel, and how much of it may be claimed in all.
    struct Voucher {
        ChannelConfig channel;
        uint128 maxClaimableAmount;
    }

    /// @notice A voucher, its signature, and what the receiver asks for under it, in all.
    struct VoucherClaim {
        Voucher voucher;
        bytes signature;
        uint128 totalClaimed;
    }

    /// @notice Escrow was put into a channel that held none and had never been claimed from.
    event ChannelCreated(bytes32 indexed channelId, ChannelConfig config);
    /// @notice A channel that was never claimed from is empty again.
    event ChannelClosed(bytes32 indexed channelId, ChannelConfig config);
    /// @notice The payer's tokens arrived.
    event Deposited(
        bytes32 indexed channelId, address indexed sender, uint128 amount, uint128 newBalance
    );
    /// @notice The receiver's share of a channel grew.
    event Claimed(
        bytes32 indexed channelId, address indexed sender, uint128 claimAmount, uint128 newTotalClaimed
    );
    /// @notice Claimed tokens were sent to their receiver.
    event Settled(
        address indexed receiver, address indexed token, address indexed sender, uint128 amount
    );
    /// @notice The receiver gave unclaimed tokens back to the payer.
    event Refunded(bytes32 indexed channelId, address indexed sender, uint128 amount);
    /// @notice The payer announced that it takes unclaimed tokens back.
    event WithdrawInitiated(bytes32 indexed channelId, uint128 amount, uint40 finalizeAfter);
    /// @notice The payer took unclaimed tokens back.
    event WithdrawFinalized(bytes32 indexed channelId, address indexed sender, uint128 amount);

    /// @notice The terms lack an address, or the caller is not the payer's side.
    error InvalidChannel();
    error ZeroDeposit();
    /// @notice The balance of a channel is limited to uint128.
    error DepositOverflow();
    error InvalidSignature();
    /// @notice The rows of a signed batch do not share one receiver authoriser.
    error NotReceiverAuthorizer();
    error NotAuthorizedToClaim();
    error NotAuthorizedToRefund();
    error NotAuthorizedToFinalizeWithdraw();
    /// @notice More is claimed than the payer signed for.
    error ClaimExceedsCeiling();
    /// @notice More is claimed than the channel holds.
    error ClaimExceedsBalance();
    error WithdrawalAlreadyPending();
    error WithdrawalNotPending();
    error WithdrawDelayNotElapsed();
    error NothingToWithdraw();
    error WithdrawAmountExceedsAvailable();
    error WithdrawDelayOutOfRange();
    error EmptyBatch();
    /// @notice The collector did not deliver exactly the amount of the deposit.
    error DepositCollectionFailed();
    error InvalidCollector();
    error InvalidRefundNonce();
    error ZeroRefund();

    /// @notice Puts `amount` into the channel of `config`, opening it if need be. Anybody may call.
    /// @dev A pending withdrawal is not cancelled by a deposit, nor does it grow.
    /// @param config The terms of the channel.
    /// @param amount What must arrive, exactly; a token that takes a fee is refused.
    /// @param collector Fetches the tokens; it is trusted with nothing but the payer's own agreement.
    /// @param collectorData Handed to the collector.
    function deposit(
        ChannelConfig calldata config,
        uint128 amount,
        address collector,
        bytes calldata collectorData
    ) external;

    /// @notice Records what the receiver has earned. The caller must be the receiver or the receiver
    /// authoriser of every row.
    /// @dev A row that would not raise the recorded total is passed over, whatever its signature. Any
    /// other fault of any row reverts the whole batch.
    function claim(VoucherClaim[] calldata voucherClaims) external;

    /// @notice The same for anybody who holds the receiver authoriser's signature over the batch.
    function claimWithSignature(VoucherClaim[] calldata voucherClaims, bytes calldata authorizerSignature)
        external;

    /// @notice Sends everything claimed and not yet sent to `receiver`. Anybody may call.
    function settle(address receiver, address token) external;

    /// @notice Gives up to `amount` of what is unclaimed back to the payer. For the receiver or the
    /// receiver authoriser.
    /// @dev More than is unclaimed is cut down to it. What is refunded counts against a pending
    /// withdrawal, which otherwise would pay it out a second time from later deposits: it shrinks, and
    /// ends when it reaches nothing. The refund nonce advances even when nothing is left to refund.
    function refund(ChannelConfig calldata config, uint128 amount) external;

    /// @notice The same for anybody who holds the receiver authoriser's signature.
    /// @param nonce The channel's current refund nonce, part of what was signed.
    function refundWithSignature(
        ChannelConfig calldata config,
        uint128 amount,
        uint256 nonce,
        bytes calldata receiverAuthorizerSignature
    ) external;

    /// @notice Announces that the payer takes `amount` of what is unclaimed. For the payer's side.
    /// @dev Reserves nothing: what is claimed during the delay is no longer there to be withdrawn.
    function initiateWithdraw(ChannelConfig calldata config, uint128 amount) external;

    /// @notice Pays an announced withdrawal to the payer when the delay is over, or what is left of it.
    /// @dev An announcement never expires.
    function finalizeWithdraw(ChannelConfig calldata config) external;

    /// @notice Deposits less refunds and withdrawals, and how much of that has been claimed.
    function channels(bytes32 channelId) external view returns (uint128 balance, uint128 totalClaimed);

    /// @notice The announced withdrawal; `initiatedAt` is zero if there is none.
    function pendingWithdrawals(bytes32 channelId)
        external
        view
        returns (uint128 amount, uint40 initiatedAt);

    /// @notice What the next signed refund of the channel must name.
    function refundNonce(bytes32 channelId) external view returns (uint256);

    /// @notice What a receiver has earned in a token, and how much of it was sent.
    function receivers(address receiver, address token)
        external
        view
        returns (uint128 totalClaimed, uint128 totalSettled);

    /// @notice The id of a channel: the typed-data hash of its terms, hence bound to chain and contract.
    function getChannelId(ChannelConfig calldata config) external view returns (bytes32);

    /// @notice What the payer's authoriser signs for a voucher.
    function getVoucherDigest(bytes32 channelId, uint128 maxClaimableAmount)
        external
        view
        returns (bytes32);

    /// @notice What the receiver's authoriser signs for a refund.
    function getRefundDigest(bytes32 channelId, uint256 nonce, uint128 amount)
        external
        view
        returns (bytes32);

    /// @notice What the receiver's authoriser signs for a batch of claims.
    function getClaimBatchDigest(VoucherClaim[] calldata voucherClaims) external view returns (bytes32);
}
