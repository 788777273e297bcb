package millrace.messaging.command;

import java.util.Optional;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;

/// What became of a [PaymentCommand]. Durable before it is sent.
public sealed interface PaymentOutcome {
  /// @param replayed true when this is the recorded outcome of an earlier, equal request
  record Taken(
      PaymentId id, PaymentStatus status, Amount amount, ChannelView channel, boolean replayed)
      implements PaymentOutcome {}

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
