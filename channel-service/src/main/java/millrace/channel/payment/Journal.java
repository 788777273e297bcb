package millrace.channel.payment;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.channel.payment.Checked.IdempotencyKey;
import millrace.protocol.type.PaymentId;

/// The payments that a batch has to do with: as PostgreSQL has them, and as the batch leaves them.
/// A repeat within one batch finds what stands here already.
final class Journal {
  private final Map<PaymentId, PaymentRow> rows = new HashMap<>();
  private final Map<IdempotencyKey, PaymentId> holders = new HashMap<>();
  private final Map<PaymentId, PaymentRow> inserts = new LinkedHashMap<>();
  private final Map<PaymentId, PaymentRow> ends = new LinkedHashMap<>();

  Journal(Collection<PaymentRow> found) {
    found.forEach(this::remember);
  }

  Optional<PaymentRow> byId(PaymentId id) {
    return Optional.ofNullable(rows.get(id));
  }

  /// The payment that was charged, or is being served, under this key.
  Optional<PaymentRow> holding(IdempotencyKey key) {
    return Optional.ofNullable(holders.get(key)).flatMap(this::byId);
  }

  void begin(PaymentRow row) {
    inserts.put(row.id(), row);
    remember(row);
  }

  void end(PaymentRow row) {
    (inserts.containsKey(row.id()) ? inserts : ends).put(row.id(), row);
    remember(row);
  }

  private void remember(PaymentRow row) {
    rows.put(row.id(), row);
    if (row.releasedAt().isEmpty()) {
      holders.put(row.key(), row.id());
    } else {
      holders.remove(row.key(), row.id());
    }
  }

  List<PaymentRow> inserts() {
    return List.copyOf(inserts.values());
  }

  List<PaymentRow> ends() {
    return List.copyOf(ends.values());
  }
}
