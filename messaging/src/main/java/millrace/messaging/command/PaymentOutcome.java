package millrace.messaging.command;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;

/// What became of a [PaymentCommand]. Durable before it is sent.
public sealed interface PaymentOutcome {
  /// @param amount of the payment
  /// @param replayed true when this is the recorded outcome of an earlier, equal request
  /// @param fromCredit what of the amount the payer's credit paid; absent when nothing
  /// @param expiresAt of a hold
  record Taken(
      PaymentId id,
      PaymentStatus status,
      Amount amount,
      ChannelView channel,
      boolean replayed,
      Optional<Amount> fromCredit,
      Optional<Instant> expiresAt)
      implements PaymentOutcome {
    public Taken(
        PaymentId id, PaymentStatus status, Amount amount, ChannelView channel, boolean replayed) {
      this(id, status, amount, channel, replayed, Optional.empty(), Optional.empty());
    }

    /// By how much the payment raised what is charged of the channel.
    public Amount chargedAnew() {
      return amount.minus(fromCredit.orElse(Amount.ZERO));
    }
  }

  /// Nothing changed.
  ///
  /// @param channel shown only to whoever proved to hold the voucher key
  /// @param newest the hub's newest voucher, only where rule S7 allows to show it
  record Refused(
      RefusalReason reason, Optional<ChannelView> channel, Optional<SignedVoucher> newest)
      implements PaymentOutcome {
    public static Refused because(RefusalReason reason) {
      return new Refused(reason, Optional.empty(), Optional.empty());
    }
  }
}
