package millrace.gateway.merchant;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import millrace.gateway.hub.Aftermath;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Amount;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/// Keeps keys within their daily limits. What a request would move is written down before the
/// ledger is asked, under a lock on the key; it is struck out again only when the ledger is known
/// to have refused, so whatever happens a key cannot move more than its limit.
@Service
public class KeySpending {
  private static final int DAYS_KEPT = 40;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Clock clock;

  KeySpending(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// Does what moves money out of the balance, if the caller's key may move so much today.
  ///
  /// @param kind of request, for each of which the ledger knows keys of its own
  /// @param amount empty for everything there is, which a limited key may not ask for
  /// @param moved whether the outcome moved the money, now or earlier
  public <T> T within(
      Caller caller,
      String kind,
      Optional<Amount> amount,
      IdempotencyKey request,
      Supplier<T> effect,
      Predicate<T> moved) {
    var limit = caller.limits().dailySpend();
    if (limit.isEmpty()) return effect.get();
    var named =
        amount.orElseThrow(
            () ->
                Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        "A key with a daily_spend_limit must say how much.")
                    .about("amount")
                    .asException());
    var entry = new Entry(caller, kind, request.value(), named);
    transaction.executeWithoutResult(_ -> begin(entry, limit.get()));
    boolean counts = true;
    try {
      T outcome = effect.get();
      counts = moved.test(outcome);
      return outcome;
    } finally {
      boolean spent = counts;
      Aftermath.of(() -> transaction.executeWithoutResult(_ -> end(entry, spent)));
    }
  }

  private void begin(Entry entry, Amount limit) {
    jdbc.sql("SELECT id FROM api_key WHERE id = ? FOR UPDATE")
        .param(entry.caller.keyId())
        .query()
        .singleRow();
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    var earlier =
        jdbc.sql(
                """
                UPDATE key_spend SET running = running + 1
                 WHERE key_id = ? AND kind = ? AND request = ? RETURNING amount
                """)
            .params(entry.caller.keyId(), entry.kind, entry.request)
            .query((row, _) -> new Amount(row.getBigDecimal(1).toBigIntegerExact()))
            .optional();
    if (earlier.isPresent()) {
      if (earlier.get().equals(entry.amount)) return;
      throw Problem.of(ProblemCode.IDEMPOTENCY_KEY_REUSED, "The key was used with another amount.")
          .about("Idempotency-Key")
          .asException();
    }
    if (spentOn(entry.caller.keyId(), today).plus(entry.amount).exceeds(limit)) {
      throw Problem.of(
              ProblemCode.SPEND_LIMIT_REACHED,
              "The key may move " + limit + " a day, and this would be more.")
          .about("amount")
          .asException();
    }
    jdbc.sql(
            """
            INSERT INTO key_spend (key_id, kind, request, merchant_id, day, amount)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        .params(
            entry.caller.keyId(),
            entry.kind,
            entry.request,
            entry.caller.merchant().value(),
            today,
            new BigDecimal(entry.amount.units()))
        .update();
  }

  private Amount spentOn(String keyId, LocalDate day) {
    return jdbc.sql("SELECT coalesce(sum(amount), 0) FROM key_spend WHERE key_id = ? AND day = ?")
        .params(keyId, day)
        .query((row, _) -> new Amount(row.getBigDecimal(1).toBigIntegerExact()))
        .single();
  }

  /// A refused request is forgotten, unless an equal one is still on its way or got through.
  private void end(Entry entry, boolean spent) {
    jdbc.sql(
            """
            UPDATE key_spend SET running = greatest(running - 1, 0), spent = spent OR ?
             WHERE key_id = ? AND kind = ? AND request = ?
            """)
        .params(spent, entry.caller.keyId(), entry.kind, entry.request)
        .update();
    jdbc.sql(
            """
            DELETE FROM key_spend
             WHERE key_id = ? AND kind = ? AND request = ? AND running = 0 AND NOT spent
            """)
        .params(entry.caller.keyId(), entry.kind, entry.request)
        .update();
  }

  @Scheduled(
      fixedDelayString = "${millrace.gateway.purge-every:1h}",
      initialDelayString = "${millrace.gateway.purge-every:1h}")
  void purge() {
    jdbc.sql("DELETE FROM key_spend WHERE day < ?")
        .param(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(DAYS_KEPT))
        .update();
  }

  private record Entry(Caller caller, String kind, String request, Amount amount) {}
}
