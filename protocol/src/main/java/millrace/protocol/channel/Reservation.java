package millrace.protocol.channel;

import java.time.Instant;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;

/// A payment whose service is being rendered: signed and covered, not yet charged. While it lives
/// the channel takes no other voucher, because the next ceiling depends on how this one ends.
public record Reservation(
    PaymentId payment, SignedVoucher voucher, Amount price, Instant expiresAt) {
  boolean isLiveAt(Instant time) {
    return time.isBefore(expiresAt);
  }
}
