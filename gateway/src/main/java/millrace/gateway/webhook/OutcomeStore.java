package millrace.gateway.webhook;

import static millrace.gateway.webhook.Messages.utc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import millrace.gateway.webhook.Lanes.Done;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Writes down what became of many runs in one transaction, and gives their lanes back.
@Repository
class OutcomeStore {
  private final JdbcClient jdbc;
  private final Lanes lanes;

  OutcomeStore(JdbcClient jdbc, Lanes lanes) {
    this.jdbc = jdbc;
    this.lanes = lanes;
  }

  @Transactional
  public void store(List<Outcome> outcomes) {
    judge(outcomes);
    var done = outcomes.stream().map(OutcomeStore::done).toList();
    var mine = lanes.ours(done).stream().map(Done::token).toList();
    var rows = new ArrayList<Row>();
    for (var outcome : outcomes) rows.addAll(rows(outcome, mine.contains(outcome.run().token())));
    if (!rows.isEmpty()) {
      update(rows);
      log(rows);
    }
    lanes.close(done);
  }

  private static Done done(Outcome outcome) {
    return new Done(outcome.run().lane(), outcome.run().token(), outcome.next());
  }

  /// Of a sender that was taken for dead only its successes count: they are facts.
  private static List<Row> rows(Outcome outcome, boolean mine) {
    var rows = new ArrayList<Row>();
    for (var attempt : outcome.attempts()) {
      var status = attempt.delivered() ? "DELIVERED" : outcome.givenUp() ? "FAILED" : "PENDING";
      rows.add(new Row(attempt, mine || attempt.delivered() ? status : null, outcome.next()));
    }
    return rows;
  }

  private void update(List<Row> rows) {
    jdbc.sql(
            """
            UPDATE webhook_delivery d
            SET status = t.status, attempts = d.attempts + 1, last_status = t.code,
                last_error = t.error,
                next_attempt_at = coalesce(t.next, d.next_attempt_at),
                delivered_at = CASE WHEN t.status = 'DELIVERED' THEN t.at END
            FROM unnest(:sequences::bigint[], :statuses::text[], :codes::int[], :errors::text[],
                        :nexts::timestamptz[], :ats::timestamptz[])
              AS t(sequence, status, code, error, next, at)
            WHERE d.sequence = t.sequence AND d.status = 'PENDING' AND t.status IS NOT NULL
            """)
        .param("sequences", column(rows, row -> row.attempt.parcel().sequence(), Long[]::new))
        .param("statuses", column(rows, row -> row.status, String[]::new))
        .param("codes", column(rows, row -> row.attempt.status().orElse(null), Integer[]::new))
        .param("errors", column(rows, row -> row.attempt.error().orElse(null), String[]::new))
        .param("nexts", column(rows, Row::nextIfFailed, String[]::new))
        .param("ats", column(rows, row -> row.attempt.at().toString(), String[]::new))
        .update();
  }

  private void log(List<Row> rows) {
    jdbc.sql(
            """
            INSERT INTO webhook_attempt
              (delivery, at, duration_millis, url, request_headers, status, response_headers,
               response_body, error)
            SELECT d.sequence, t.at, t.millis, t.url, t.request, t.code, t.headers, t.body, t.error
            FROM unnest(:sequences::bigint[], :ats::timestamptz[], :millis::int[], :urls::text[],
                        :requests::text[], :codes::int[], :headers::text[], :bodies::text[],
                        :errors::text[])
              AS t(sequence, at, millis, url, request, code, headers, body, error)
            JOIN webhook_delivery d ON d.sequence = t.sequence
            """)
        .param("sequences", column(rows, row -> row.attempt.parcel().sequence(), Long[]::new))
        .param("ats", column(rows, row -> row.attempt.at().toString(), String[]::new))
        .param("millis", column(rows, row -> (int) row.attempt.took().toMillis(), Integer[]::new))
        .param("urls", column(rows, row -> row.attempt.url(), String[]::new))
        .param("requests", column(rows, row -> row.attempt.requestHeaders(), String[]::new))
        .param("codes", column(rows, row -> row.attempt.status().orElse(null), Integer[]::new))
        .param("headers", column(rows, row -> row.attempt.responseHeaders(), String[]::new))
        .param("bodies", column(rows, row -> row.attempt.responseBody(), String[]::new))
        .param("errors", column(rows, row -> row.attempt.error().orElse(null), String[]::new))
        .update();
  }

  /// An endpoint is failing from its first failure until it takes anything.
  private void judge(List<Outcome> outcomes) {
    var took =
        endpoints(outcomes, outcome -> outcome.attempts().stream().anyMatch(Attempt::delivered));
    var failed =
        endpoints(outcomes, outcome -> outcome.last().filter(it -> !it.delivered()).isPresent());
    var locked = lock(took, failed);
    if (locked.isEmpty()) return;
    jdbc.sql(
            """
            UPDATE webhook_endpoint SET failing_since = NULL, failing_told = false
            WHERE id = ANY (?::text[]) AND failing_since IS NOT NULL
            """)
        .param(Stream.of(took).filter(locked::contains).toArray(String[]::new))
        .update();
    for (var outcome : outcomes) {
      outcome.last().filter(last -> !last.delivered()).ifPresent(last -> failed(outcome, last));
    }
  }

  private static String[] endpoints(List<Outcome> outcomes, Predicate<Outcome> condition) {
    return outcomes.stream()
        .filter(condition)
        .map(outcome -> outcome.run().lane().endpoint())
        .distinct()
        .toArray(String[]::new);
  }

  /// Nearly always there is nothing to change about those that took what they were sent.
  private Set<String> lock(String[] took, String[] failed) {
    return jdbc.sql(
            """
            SELECT id FROM webhook_endpoint
            WHERE id = ANY (:failed::text[])
              OR id = ANY (:took::text[]) AND failing_since IS NOT NULL
            ORDER BY id COLLATE "C" FOR NO KEY UPDATE
            """)
        .param("failed", failed)
        .param("took", took)
        .query(String.class)
        .set();
  }

  private void failed(Outcome outcome, Attempt last) {
    jdbc.sql(
            """
            UPDATE webhook_endpoint
            SET failing_since = coalesce(failing_since, :at), last_error = :error,
                disabled_at = CASE WHEN :gone THEN coalesce(disabled_at, :at) ELSE disabled_at END,
                disabled_reason =
                  CASE WHEN :gone THEN coalesce(disabled_reason, 'the endpoint answered 410')
                       ELSE disabled_reason END
            WHERE id = :id
              AND (failing_since IS NULL OR :gone OR last_error IS DISTINCT FROM :error)
            """)
        .param("at", utc(last.at()))
        .param("error", last.error().orElse(""))
        .param("gone", last.gone())
        .param("id", outcome.run().lane().endpoint())
        .update();
  }

  private static <T> T[] column(
      List<Row> rows, Function<Row, @Nullable T> value, IntFunction<T[]> array) {
    return rows.stream().map(value).toArray(array);
  }

  /// @param status of the delivery from now on; null to leave it as it is
  private record Row(Attempt attempt, @Nullable String status, Optional<Instant> next) {
    @Nullable String nextIfFailed() {
      return attempt.delivered() ? null : next.map(Instant::toString).orElse(null);
    }
  }
}
