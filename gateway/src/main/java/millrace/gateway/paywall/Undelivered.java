package millrace.gateway.paywall;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.checkout.PaymentKey;
import millrace.gateway.checkout.Purchase;
import millrace.gateway.outbound.OutboundAnswer;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.PaymentId;

/// Answers that are made and perhaps paid, but did not reach the client, because the capture was in
/// doubt or the connection broke. The client that asks again gets its answer, once. Kept in memory,
/// within limits: after a crash the payment stands and the answer is lost, which is reported as
/// such. Only the very voucher that paid gets it: its key alone can be guessed.
final class Undelivered {
  private static final Duration KEPT = Duration.ofMinutes(5);

  private final Map<SignedVoucher, Kept> answers = new LinkedHashMap<>();
  private final Clock clock;
  private final long maxBytes;
  private long bytes;

  Undelivered(Clock clock, long maxBytes) {
    this.clock = clock;
    this.maxBytes = maxBytes;
  }

  synchronized void keep(Purchase purchase, PaymentId id, OutboundAnswer answer) {
    remove(voucher(purchase));
    if (size(answer) > maxBytes) return;
    answers.put(
        voucher(purchase), new Kept(purchase.key(), id, answer, clock.instant().plus(KEPT)));
    bytes += size(answer);
    forget();
  }

  /// What the same request, paid by the same voucher, is still owed.
  synchronized Optional<Kept> take(Purchase purchase) {
    forget();
    var kept = answers.get(voucher(purchase));
    if (kept == null || !kept.key.equals(purchase.key())) return Optional.empty();
    remove(voucher(purchase));
    return Optional.of(kept);
  }

  private void remove(SignedVoucher voucher) {
    var kept = answers.remove(voucher);
    if (kept != null) bytes -= size(kept.answer);
  }

  private static SignedVoucher voucher(Purchase purchase) {
    return purchase.payment().voucher();
  }

  /// The oldest first, until the rest fits.
  private void forget() {
    var now = clock.instant();
    Iterator<Kept> oldest = answers.values().iterator();
    while (oldest.hasNext()) {
      var kept = oldest.next();
      if (bytes <= maxBytes && now.isBefore(kept.until)) return;
      bytes -= size(kept.answer);
      oldest.remove();
    }
  }

  /// Headers are not worth counting one by one.
  private static long size(OutboundAnswer answer) {
    return answer.body().length() + 4_096L;
  }

  record Kept(PaymentKey key, PaymentId id, OutboundAnswer answer, Instant until) {}
}
