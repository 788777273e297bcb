package millrace.settlement.payout;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Shows payouts that wait. One whose money is nowhere, because some book was altered, would
/// otherwise wait for ever and nobody would say so.
@Component
class PayoutBacklog {
  private final JdbcClient jdbc;
  private final Address token;

  PayoutBacklog(JdbcClient jdbc, HubTerms terms, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.token = terms.token().address();
    show(meters, "age.seconds", "Age of the oldest payout that is not paid", this::oldestSeconds);
    show(
        meters,
        "shortfall",
        "Base units that the vault's free money lacks for payouts that are due",
        this::shortfall);
  }

  private static void show(
      MeterRegistry meters, String name, String description, Supplier<Number> value) {
    Gauge.builder("millrace.settlement.payout." + name, value)
        .description(description)
        .register(meters);
  }

  private Number oldestSeconds() {
    return jdbc.sql(
            """
            SELECT coalesce(extract(epoch FROM now() - min(requested_at)), 0) FROM payout
             WHERE token = ? AND state IN ('WAITING', 'PROMISED')
            """)
        .param(token.toArray())
        .query(Double.class)
        .single();
  }

  private Number shortfall() {
    return jdbc.sql("SELECT coalesce(max(amount), 0) AS units FROM shortfall WHERE token = ?")
        .param(token.toArray())
        .query((row, _) -> Columns.amount(row, "units").units())
        .single();
  }
}
