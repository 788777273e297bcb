package millrace.gateway.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.gateway.checkout.PaymentKey;
import millrace.gateway.id.Ids;
import millrace.gateway.metadata.Metadata;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/// What merchants note on their payments. A note is written before its payment is asked for, under
/// the id that the payment will have: whoever sees the payment sees the note. A repeat finds the
/// note, and asks under the same id.
@Repository
class PaymentNotes {
  /// As long as a payment can be repeated under its key, and a day.
  private static final Duration UNPAID_KEPT = Duration.ofDays(31);

  private final JdbcClient jdbc;
  private final Ids ids;
  private final Clock clock;

  PaymentNotes(JdbcClient jdbc, Ids ids, Clock clock) {
    this.jdbc = jdbc;
    this.ids = ids;
    this.clock = clock;
  }

  /// The id to ask for the payment under.
  PaymentId note(MerchantId merchant, PaymentKey key, Metadata metadata) {
    return jdbc.sql(
            """
            INSERT INTO payment_note AS kept (merchant_id, key, payment_id, metadata, created_at)
            VALUES (:merchant, :key, :id, :metadata, :now)
            ON CONFLICT (merchant_id, key) DO UPDATE SET payment_id = kept.payment_id
            RETURNING payment_id
            """)
        .param("merchant", merchant.value())
        // Another request under the same key, which will be refused, gets a note of its own.
        .param("key", key.key() + " " + key.fingerprint())
        .param("id", ids.next("pay_"))
        .param("metadata", metadata.json())
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .query((row, _) -> new PaymentId(row.getString(1)))
        .single();
  }

  Metadata of(MerchantId merchant, PaymentId payment) {
    return of(merchant, List.of(payment)).getOrDefault(payment, Metadata.NONE);
  }

  /// Those of the payments that something is noted on.
  Map<PaymentId, Metadata> of(MerchantId merchant, List<PaymentId> payments) {
    var found = new HashMap<PaymentId, Metadata>();
    jdbc.sql(
            """
            SELECT payment_id, metadata FROM payment_note
             WHERE payment_id = ANY (?) AND merchant_id = ?
            """)
        .param(payments.stream().map(PaymentId::value).toArray(String[]::new))
        .param(merchant.value())
        .query(
            row -> {
              found.put(new PaymentId(row.getString(1)), Metadata.ofJson(row.getString(2)));
            });
    return found;
  }

  /// Notes on payments that never came about.
  @Scheduled(
      fixedDelayString = "${millrace.gateway.purge-every:1h}",
      initialDelayString = "${millrace.gateway.purge-every:1h}")
  void purge() {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    jdbc.sql(
            """
            DELETE FROM payment_note n
             WHERE created_at >= :first AND created_at < :end
               AND NOT EXISTS (SELECT FROM payment p WHERE p.id = n.payment_id)
            """)
        .param("first", now.minus(UNPAID_KEPT.plusDays(7)))
        .param("end", now.minus(UNPAID_KEPT))
        .update();
  }
}
