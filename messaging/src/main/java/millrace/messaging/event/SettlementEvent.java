package millrace.messaging.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.ChainState;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.protocol.type.Signature;

/// Published by settlement-service on `millrace.settlement.v1`, keyed by channel, merchant,
/// payee or batch.
public sealed interface SettlementEvent extends Event {
  /// What is to be given back was promised to nobody, and will not be.
  record GiveBackGranted(RefundId refundId, ChannelId channelId, MerchantId merchantId)
      implements SettlementEvent {}

  /// What was to be given back is promised to the merchant, or was paid to it.
  record GiveBackDenied(RefundId refundId, ChannelId channelId, MerchantId merchantId)
      implements SettlementEvent {}

  /// The deposit is final; `after` is the channel's state in a final block that has it.
  record DepositConfirmed(
      ChannelId channelId,
      Bytes32 authorizationNonce,
      Bytes32 transaction,
      Amount amount,
      ChainState after)
      implements SettlementEvent {}

  /// The deposit can never happen: its authorisation is invalid, used elsewhere, or expired.
  record DepositFailed(
      ChannelId channelId, Bytes32 authorizationNonce, DepositFailure reason, String detail)
      implements SettlementEvent {}

  enum DepositFailure {
    SIMULATION_FAILED,
    TRANSACTION_FAILED,
    INSUFFICIENT_BALANCE,
    EXPIRED,
    NONCE_USED_ELSEWHERE,
    WITHDRAWAL_PENDING
  }

  /// A voucher of this ceiling stands in claim calldata, so its signature is public.
  record VoucherPublished(ChannelId channelId, Amount ceiling) implements SettlementEvent {}

  /// A claim transaction is final.
  record ClaimConfirmed(
      long batch, Bytes32 transaction, List<ClaimedChannel> channels, long gasUsed)
      implements SettlementEvent {}

  record ClaimedChannel(ChannelId channelId, Amount totalClaimed) {}

  /// The refund is final; `after` is the channel's state in a final block that has it.
  ///
  /// @param merchant whose refund of a payment it was; absent: the payer asked for it
  record RefundConfirmed(
      RefundId refundId,
      ChannelId channelId,
      Amount amount,
      Bytes32 transaction,
      ChainState after,
      Optional<MerchantId> merchant)
      implements SettlementEvent {
    /// One that the payer asked for.
    public RefundConfirmed(
        RefundId refundId,
        ChannelId channelId,
        Amount amount,
        Bytes32 transaction,
        ChainState after) {
      this(refundId, channelId, amount, transaction, after, Optional.empty());
    }
  }

  /// The refund was not sent, or was reverted, and will not be.
  ///
  /// @param merchant whose refund of a payment it was; absent: the payer asked for it
  /// @param reason absent where no other than the detail is known
  record RefundFailed(
      RefundId refundId,
      ChannelId channelId,
      Amount amount,
      String detail,
      Optional<MerchantId> merchant,
      Optional<RefundFailure> reason)
      implements SettlementEvent {
    /// One that the payer asked for.
    public RefundFailed(RefundId refundId, ChannelId channelId, Amount amount, String detail) {
      this(refundId, channelId, amount, detail, Optional.empty(), Optional.empty());
    }
  }

  enum RefundFailure {
    /// The vault sends no more than so much in a day.
    DAILY_LIMIT,
    /// Less is left in the channel that was not claimed.
    TOO_LITTLE_UNCLAIMED
  }

  record PayoutConfirmed(
      PayoutId payoutId,
      MerchantId merchantId,
      Address payee,
      Address token,
      Amount amount,
      Bytes32 transaction)
      implements SettlementEvent {}

  record PayoutFailed(
      PayoutId payoutId, MerchantId merchantId, Address token, Amount amount, String detail)
      implements SettlementEvent {}

  /// The payout was canceled before anything was promised for it, and never will be paid.
  record PayoutCanceled(PayoutId payoutId, MerchantId merchantId, Address token, Amount amount)
      implements SettlementEvent {}

  /// The payout is promised, or was over before: it takes its course.
  record PayoutCancelRefused(PayoutId payoutId, MerchantId merchantId) implements SettlementEvent {}

  /// The newest promise of a payee: with it anybody can have the payee credited by the vault,
  /// without this hub. Keyed by payee.
  ///
  /// @param cumulative all that the payee was ever promised; never falls
  /// @param key whose signature it is
  record PromiseIssued(
      Address payee, Address token, Amount cumulative, Signature signature, Address key, Instant at)
      implements SettlementEvent {}

  /// All that the vault ever credited a payee with, in a final block. Keyed by payee.
  record CreditSeen(Address payee, Address token, Amount credited, long block)
      implements SettlementEvent {}
}
