package millrace.gateway.payout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import millrace.gateway.merchant.PayoutSchedule.Interval;
import millrace.gateway.problem.IdempotencyKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Merchants whose time has come. A gateway takes a turn for a while by the database's clock; when
/// it dies, another takes the turn and asks for the payout by the same name.
@Repository
class ScheduleTurns {
  private final JdbcClient jdbc;

  ScheduleTurns(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// One merchant's turn.
  ///
  /// @param lease which turn it is; a later one makes it void
  /// @param dueAt when its time came; for an interval, when that began
  /// @param threshold empty for an interval
  /// @param interval empty for a threshold
  /// @param payouts how many the threshold has led to before
  record Turn(
      MerchantId merchant,
      long lease,
      Instant dueAt,
      Optional<Amount> threshold,
      Optional<Interval> interval,
      long payouts) {
    /// The same for everybody who takes this turn, and another for the next payout. A merchant
    /// cannot have used it: its own keys have no spaces.
    IdempotencyKey key() {
      return new IdempotencyKey(
          interval
              .map(
                  every ->
                      "schedule %s %s"
                          .formatted(
                              every.name().toLowerCase(Locale.ROOT),
                              LocalDate.ofInstant(dueAt, ZoneOffset.UTC)))
              .orElseGet(() -> "schedule threshold " + (payouts + 1)));
    }
  }

  /// No other gateway gets these until the lease ends.
  List<Turn> take(int atMost, Duration lease) {
    return jdbc.sql(
            """
            WITH due AS (
              SELECT merchant_id FROM payout_schedule
               WHERE kind <> 'MANUAL' AND due_at <= now() AND leased_until <= now()
               ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED)
            UPDATE payout_schedule s
               SET leased_until = now() + make_interval(secs => :lease), lease = s.lease + 1
              FROM due WHERE s.merchant_id = due.merchant_id
            RETURNING s.merchant_id, s.lease, s.due_at, s.threshold, s.every, s.payouts
            """)
        .param("limit", atMost)
        .param("lease", lease.toMillis() / 1e3)
        .query((row, _) -> turn(row))
        .list();
  }

  /// The turn is over, unless it was not ours any more.
  ///
  /// @param paid whether it led to a payout
  void end(Turn turn, Instant next, boolean paid) {
    jdbc.sql(
            """
            UPDATE payout_schedule
               SET due_at = :next, payouts = payouts + :paid, leased_until = '-infinity'
             WHERE merchant_id = :merchant AND lease = :lease
            """)
        .param("next", next.atOffset(ZoneOffset.UTC))
        .param("paid", paid ? 1 : 0)
        .param("merchant", turn.merchant().value())
        .param("lease", turn.lease())
        .update();
  }

  /// Somebody tries again after a pause.
  void putBack(Turn turn, Duration pause) {
    jdbc.sql(
            """
            UPDATE payout_schedule SET leased_until = now() + make_interval(secs => :pause)
             WHERE merchant_id = :merchant AND lease = :lease
            """)
        .param("pause", pause.toMillis() / 1e3)
        .param("merchant", turn.merchant().value())
        .param("lease", turn.lease())
        .update();
  }

  private static Turn turn(ResultSet row) throws SQLException {
    return new Turn(
        new MerchantId(row.getString("merchant_id")),
        row.getLong("lease"),
        Objects.requireNonNull(row.getObject("due_at", OffsetDateTime.class)).toInstant(),
        Optional.ofNullable(row.getBigDecimal("threshold"))
            .map(amount -> new Amount(amount.toBigIntegerExact())),
        Optional.ofNullable(row.getString("every")).map(Interval::valueOf),
        row.getLong("payouts"));
  }
}
