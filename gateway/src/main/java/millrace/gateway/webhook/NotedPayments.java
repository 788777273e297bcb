package millrace.gateway.webhook;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.gateway.metadata.Metadata;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.PaymentId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What merchants noted on payments that are to be told of. A note is there before its payment is.
@Repository
class NotedPayments {
  private final JdbcClient jdbc;

  NotedPayments(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Page on(List<PaymentAccepted> payments) {
    return new Page(payments);
  }

  /// Of payments that came together: read at once, when the first of them is told to somebody.
  final class Page {
    private final List<PaymentAccepted> payments;
    private @Nullable Map<String, Metadata> notes;

    private Page(List<PaymentAccepted> payments) {
      this.payments = payments;
    }

    Metadata on(PaymentId payment) {
      var known = notes;
      if (known == null) {
        known = read();
        notes = known;
      }
      return known.getOrDefault(payment.value(), Metadata.NONE);
    }

    private Map<String, Metadata> read() {
      var found = new HashMap<String, Metadata>();
      jdbc.sql("SELECT payment_id, metadata FROM payment_note WHERE payment_id = ANY (?::text[])")
          .param(payments.stream().map(it -> it.paymentId().value()).toArray(String[]::new))
          .query(
              row -> {
                found.put(row.getString("payment_id"), Metadata.ofJson(row.getString("metadata")));
              });
      return found;
    }
  }
}
