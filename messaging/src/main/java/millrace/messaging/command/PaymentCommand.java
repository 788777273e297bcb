package millrace.messaging.command;

import java.time.Instant;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;

/// What the gateway sends to `POST /internal/payments`, many in one JSON array; the answer is an
/// array of [PaymentOutcome] in the same order.
public sealed interface PaymentCommand {
  /// Charge the price at once.
  record Charge(PaymentRequest request) implements PaymentCommand {}

  /// Charge the price at once, and keep it from the merchant until it captures some of it, cancels
  /// or lets the time pass. Ended by a [HoldEndCommand].
  record Hold(PaymentRequest request, Instant expiresAt) implements PaymentCommand {}

  /// Hold the price until captured, released or expired.
  record Reserve(PaymentRequest request, Instant expiresAt) implements PaymentCommand {}

  /// Charge `amount`, at most the reserved price.
  record Capture(PaymentId id, ChannelId channelId, Amount amount) implements PaymentCommand {}

  /// Let a reservation go uncharged.
  record Release(PaymentId id, ChannelId channelId) implements PaymentCommand {}
}
