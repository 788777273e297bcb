package millrace.messaging.event;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.protocol.type.Signature;

/// Published by channel-service on `millrace.channels.v1`, keyed by channel, and what
/// concerns a merchant by merchant.
public sealed interface ChannelEvent extends Event {
  /// A payer's EIP-3009 authorisation that settlement relays. `authorizationNonce` names it.
  record DepositAuthorized(
      ChannelId channelId,
      ChannelConfig config,
      Bytes32 authorizationNonce,
      Amount amount,
      BigInteger validAfter,
      BigInteger validBefore,
      BigInteger salt,
      Signature signature,
      Instant at)
      implements ChannelEvent {}

  /// A final block shows money in the channel for the first time.
  record ChannelOpened(ChannelId channelId, ChannelConfig config, Amount balance, Instant at)
      implements ChannelEvent {}

  /// Carries all that a claim needs, so that whoever reads only the newest one of a channel can
  /// claim it. Newest is the one with the highest sequence.
  sealed interface Claimable extends ChannelEvent {
    ChannelId channelId();

    ChannelConfig config();

    /// Of the channel in all.
    Amount charged();

    /// What of `charged` may be claimed: neither held nor given back.
    Amount claimTarget();

    /// Covers `charged`.
    SignedVoucher voucher();

    long sequence();

    Instant at();
  }

  /// A payment is charged and durable.
  ///
  /// @param amount of the payment, paid by what is charged anew and by the payer's credit
  /// @param charged of the channel in all, after this payment
  /// @param due what of `charged` may be claimed; absent when all of it may
  /// @param fee what of `amount` the hub keeps; absent when nothing
  record PaymentAccepted(
      PaymentId paymentId,
      ChannelId channelId,
      ChannelConfig config,
      MerchantId merchantId,
      Amount amount,
      Amount charged,
      SignedVoucher voucher,
      long sequence,
      String resource,
      Instant at,
      Optional<Amount> due,
      Optional<Amount> fee)
      implements Claimable {
    /// One without a fee.
    public PaymentAccepted(
        PaymentId paymentId,
        ChannelId channelId,
        ChannelConfig config,
        MerchantId merchantId,
        Amount amount,
        Amount charged,
        SignedVoucher voucher,
        long sequence,
        String resource,
        Instant at,
        Optional<Amount> due) {
      this(
          paymentId,
          channelId,
          config,
          merchantId,
          amount,
          charged,
          voucher,
          sequence,
          resource,
          at,
          due,
          Optional.empty());
    }

    /// One on a channel of which nothing is held or given back.
    public PaymentAccepted(
        PaymentId paymentId,
        ChannelId channelId,
        ChannelConfig config,
        MerchantId merchantId,
        Amount amount,
        Amount charged,
        SignedVoucher voucher,
        long sequence,
        String resource,
        Instant at) {
      this(
          paymentId,
          channelId,
          config,
          merchantId,
          amount,
          charged,
          voucher,
          sequence,
          resource,
          at,
          Optional.empty(),
          Optional.empty());
    }

    @Override
    public Amount claimTarget() {
      return due.orElse(charged);
    }
  }

  /// A payment is charged and durable, and the merchant may capture it until `expiresAt`.
  record HoldPlaced(
      PaymentId paymentId,
      ChannelId channelId,
      ChannelConfig config,
      MerchantId merchantId,
      Amount amount,
      Amount charged,
      Amount due,
      SignedVoucher voucher,
      long sequence,
      String resource,
      Instant expiresAt,
      Instant at)
      implements Claimable {
    @Override
    public Amount claimTarget() {
      return due;
    }
  }

  /// A hold is over. What was captured, if anything, comes as [PaymentAccepted], too; the rest is
  /// the payer's credit.
  record HoldEnded(
      PaymentId paymentId,
      ChannelId channelId,
      MerchantId merchantId,
      Amount captured,
      Amount returned,
      Instant at)
      implements ChannelEvent {}

  /// A merchant wants to give `amount` of a payment back. The ledger has set it aside; settlement
  /// says whether it was promised to the merchant already. Keyed by channel, as its end is.
  ///
  /// @param earned by the merchant in all, as [MerchantEarned] tells it
  /// @param method absent: as credit
  record GiveBackRequested(
      RefundId refundId,
      PaymentId paymentId,
      ChannelId channelId,
      MerchantId merchantId,
      Address payee,
      Address token,
      Amount amount,
      Amount earned,
      Instant at,
      Optional<GiveBackMethod> method)
      implements ChannelEvent {
    /// One as credit.
    public GiveBackRequested(
        RefundId refundId,
        PaymentId paymentId,
        ChannelId channelId,
        MerchantId merchantId,
        Address payee,
        Address token,
        Amount amount,
        Amount earned,
        Instant at) {
      this(
          refundId,
          paymentId,
          channelId,
          merchantId,
          payee,
          token,
          amount,
          earned,
          at,
          Optional.empty());
    }
  }

  /// A merchant's refund is the payer's credit. `amount` of `charged` is due no more.
  record CreditGiven(
      RefundId refundId,
      PaymentId paymentId,
      ChannelId channelId,
      ChannelConfig config,
      MerchantId merchantId,
      Amount amount,
      Amount charged,
      Amount due,
      SignedVoucher voucher,
      long sequence,
      Instant at)
      implements Claimable {
    @Override
    public Amount claimTarget() {
      return due;
    }
  }

  /// A merchant's refund did not happen. The ledger has returned the money to the merchant.
  ///
  /// @param method absent: as credit
  /// @param reason absent: it was promised to the merchant already
  record GiveBackFailed(
      RefundId refundId,
      PaymentId paymentId,
      ChannelId channelId,
      MerchantId merchantId,
      Address token,
      Amount amount,
      Instant at,
      Optional<GiveBackMethod> method,
      Optional<GiveBackFailure> reason)
      implements ChannelEvent {
    /// One as credit, which was promised.
    public GiveBackFailed(
        RefundId refundId,
        PaymentId paymentId,
        ChannelId channelId,
        MerchantId merchantId,
        Address token,
        Amount amount,
        Instant at) {
      this(
          refundId,
          paymentId,
          channelId,
          merchantId,
          token,
          amount,
          at,
          Optional.empty(),
          Optional.empty());
    }
  }

  /// A merchant's refund has left the channel on chain.
  record GiveBackSent(
      RefundId refundId,
      PaymentId paymentId,
      ChannelId channelId,
      MerchantId merchantId,
      Address token,
      Amount amount,
      Bytes32 transaction,
      Instant at)
      implements ChannelEvent {}

  /// Another part of `charged` is due than before, though nothing was charged: a merchant's refund
  /// is to leave the channel on chain, or could not.
  record DueChanged(
      ChannelId channelId,
      ChannelConfig config,
      Amount charged,
      Amount due,
      SignedVoucher voucher,
      long sequence,
      Instant at)
      implements Claimable {
    @Override
    public Amount claimTarget() {
      return due;
    }
  }

  /// Settlement is to claim `totalClaimed` with `voucher` and send `amount` back to the payer.
  ///
  /// @param merchant whose refund of a payment it is; absent: the payer wants what is unspent
  record RefundAuthorized(
      RefundId refundId,
      ChannelId channelId,
      ChannelConfig config,
      SignedVoucher voucher,
      Amount totalClaimed,
      Amount amount,
      Instant at,
      Optional<MerchantId> merchant)
      implements ChannelEvent {
    /// One that the payer wants.
    public RefundAuthorized(
        RefundId refundId,
        ChannelId channelId,
        ChannelConfig config,
        SignedVoucher voucher,
        Amount totalClaimed,
        Amount amount,
        Instant at) {
      this(refundId, channelId, config, voucher, totalClaimed, amount, at, Optional.empty());
    }
  }

  /// The ledger has set `amount` aside; settlement is to pay it.
  record PayoutRequested(
      PayoutId payoutId,
      MerchantId merchantId,
      Address payee,
      Address token,
      Amount amount,
      Instant at)
      implements ChannelEvent {}

  /// The merchant would rather keep the money here, if nothing is promised for the payout yet.
  record PayoutCancelRequested(PayoutId payoutId, MerchantId merchantId, Instant at)
      implements ChannelEvent {}

  /// All that was ever charged for a merchant, less fees, whatever became of it since, be it given
  /// back. Never falls, so only the newest one counts.
  record MerchantEarned(
      MerchantId merchantId, Address payee, Address token, Amount total, Instant at)
      implements ChannelEvent {}

  /// More was claimed from a channel than was charged: `amount` of it is owed to the payer,
  /// although it is on its way into the vault. Comes before any payment that counts it as charged.
  ///
  /// @param claimed of the channel in all, which names this one among others
  record ChannelOverclaimed(ChannelId channelId, Amount claimed, Amount amount, Instant at)
      implements ChannelEvent {}

  record ChannelFrozen(ChannelId channelId, PendingWithdrawal withdrawal, Instant at)
      implements ChannelEvent {}

  record ChannelThawed(ChannelId channelId, Instant at) implements ChannelEvent {}

  /// Nothing is left to spend; the record stays and the payer may fund it again.
  record ChannelClosed(ChannelId channelId, Amount charged, Instant at) implements ChannelEvent {}
}
