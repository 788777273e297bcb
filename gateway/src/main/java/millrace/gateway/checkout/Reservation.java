package millrace.gateway.checkout;

import millrace.messaging.command.PaymentOutcome;
import millrace.protocol.type.PaymentId;

/// What stands in the hub's books for a request that wants to be served.
public sealed interface Reservation {
  /// Ours: make the resource, then capture or release.
  record Held(PaymentId id) implements Reservation {}

  /// The same request was charged before. The resource is not made again.
  record Served(PaymentOutcome.Taken taken) implements Reservation {}
}
