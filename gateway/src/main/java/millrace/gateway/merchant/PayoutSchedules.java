package millrace.gateway.merchant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.merchant.PayoutSchedule.Interval;
import millrace.gateway.merchant.PayoutSchedule.Manual;
import millrace.gateway.merchant.PayoutSchedule.Regular;
import millrace.gateway.merchant.PayoutSchedule.Threshold;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// What merchants have chosen. Whoever pays by it holds a lease on the row, which a change ends.
@Repository
class PayoutSchedules {
  private final JdbcClient jdbc;
  private final Clock clock;
  private final AuditLog audit;

  PayoutSchedules(JdbcClient jdbc, Clock clock, AuditLog audit) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.audit = audit;
  }

  PayoutSchedule of(MerchantId merchant) {
    var id = merchant.value();
    return of(List.of(id)).getOrDefault(id, new Manual());
  }

  /// Those that are not in the answer are paid only when they ask.
  Map<String, PayoutSchedule> of(Collection<String> merchants) {
    var found = new HashMap<String, PayoutSchedule>();
    jdbc.sql(
            """
            SELECT merchant_id, kind, threshold, every FROM payout_schedule
             WHERE merchant_id = ANY (?::text[])
            """)
        .param(merchants.toArray(String[]::new))
        .query((row, _) -> Map.entry(row.getString("merchant_id"), schedule(row)))
        .list()
        .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    return found;
  }

  /// Begins anew, unless nothing is changed.
  @Transactional
  public void set(MerchantId merchant, PayoutSchedule schedule) {
    var row = Row.of(schedule, clock.instant());
    jdbc.sql(
            """
            INSERT INTO payout_schedule AS s (merchant_id, kind, threshold, every, due_at)
            VALUES (:merchant, :kind, :threshold::numeric, :every::text, :due)
            ON CONFLICT (merchant_id) DO UPDATE
              SET kind = excluded.kind, threshold = excluded.threshold, every = excluded.every,
                  due_at = excluded.due_at, leased_until = '-infinity', lease = s.lease + 1
              WHERE (s.kind, s.threshold, s.every)
                IS DISTINCT FROM (excluded.kind, excluded.threshold, excluded.every)
            """)
        .param("merchant", merchant.value())
        .param("kind", row.kind())
        .param("threshold", row.threshold())
        .param("every", row.every())
        .param("due", row.due())
        .update();
    audit.note(merchant, merchant.value());
  }

  private record Row(
      String kind, @Nullable String threshold, @Nullable String every, OffsetDateTime due) {
    static Row of(PayoutSchedule schedule, Instant now) {
      return switch (schedule) {
        case Manual _ -> new Row("MANUAL", null, null, utc(now));
        case Threshold(var amount) -> new Row("THRESHOLD", amount.toString(), null, utc(now));
        case Regular(var interval) ->
            new Row("INTERVAL", null, interval.name(), utc(interval.next(now)));
      };
    }
  }

  private static PayoutSchedule schedule(ResultSet row) throws SQLException {
    return switch (Objects.requireNonNull(row.getString("kind"))) {
      case "MANUAL" -> new Manual();
      case "THRESHOLD" ->
          new Threshold(new Amount(row.getBigDecimal("threshold").toBigIntegerExact()));
      default -> new Regular(Interval.valueOf(row.getString("every")));
    };
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
