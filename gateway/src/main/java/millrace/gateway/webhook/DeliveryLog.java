package millrace.gateway.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What was sent to an endpoint, what came back, and what holds up the rest.
@Repository
class DeliveryLog {
  private static final String SELECT =
      """
      SELECT d.*, m.type, m.created_at,
        (SELECT b.message_id FROM webhook_delivery b
         WHERE b.endpoint_id = d.endpoint_id AND b.subject = d.subject AND b.status = 'PENDING'
           AND d.status = 'PENDING' AND b.place < d.place
         ORDER BY b.place LIMIT 1) AS blocked_by
      FROM webhook_delivery d JOIN webhook_message m ON m.id = d.message_id
      WHERE d.endpoint_id = :endpoint
      """;

  /// Counting further would cost more than it tells.
  private static final int MOST_COUNTED = 10_000;

  /// No id is younger than its message, but for what clocks differ by.
  private static final Duration CLOCKS = Duration.ofMinutes(1);

  private final JdbcClient jdbc;

  DeliveryLog(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Which deliveries somebody looks for.
  record Filter(Optional<String> status, Optional<EventType> type, Period period) {}

  /// Newest first.
  List<Shown> list(String endpoint, Filter wanted, PageRequest page) {
    return jdbc.sql(
            SELECT
                + """
                  AND d.message_id < :before AND (:status::text IS NULL OR d.status = :status)
                  AND (:type::text IS NULL OR m.type = :type)
                  AND m.created_at >= :from AND m.created_at < :to
                  AND d.message_id < :end
                ORDER BY d.message_id DESC LIMIT :limit
                """)
        .param("endpoint", endpoint)
        .param("before", page.before())
        .param("status", wanted.status().orElse(null))
        .param("type", wanted.type().map(EventType::wire).orElse(null))
        .param("from", wanted.period().fromTime())
        .param("to", wanted.period().toTime())
        .param("end", wanted.period().widened(CLOCKS).toId(Notice.PREFIX))
        .param("limit", page.limitAndOne())
        .query(DeliveryLog::shown)
        .list();
  }

  Optional<Shown> find(String endpoint, String message) {
    return jdbc.sql(SELECT + " AND d.message_id = :message")
        .param("endpoint", endpoint)
        .param("message", message)
        .query(DeliveryLog::shown)
        .optional();
  }

  /// Newest first.
  List<Logged> attempts(long delivery, int limit) {
    return jdbc.sql("SELECT * FROM webhook_attempt WHERE delivery = ? ORDER BY id DESC LIMIT ?")
        .param(delivery)
        .param(limit)
        .query(DeliveryLog::logged)
        .list();
  }

  /// Messages at the head of their lanes that were not taken, oldest first.
  List<Blocked> blocked(String endpoint, int limit) {
    return jdbc.sql(
            """
            SELECT l.subject, l.due_at, l.token IS NOT NULL AS under_way,
                   d.message_id, m.type, d.attempts, d.last_status, d.last_error,
                   (SELECT count(*) FROM (
                      SELECT FROM webhook_delivery w
                      WHERE w.endpoint_id = l.endpoint_id AND w.subject = l.subject
                        AND w.status = 'PENDING' AND w.place > d.place
                      LIMIT 1000) AS behind) AS waiting
            FROM webhook_lane l
            CROSS JOIN LATERAL (
              SELECT * FROM webhook_delivery h
              WHERE h.endpoint_id = l.endpoint_id AND h.subject = l.subject
                AND h.status = 'PENDING'
              ORDER BY h.place LIMIT 1) d
            JOIN webhook_message m ON m.id = d.message_id
            WHERE l.endpoint_id = ? AND d.attempts > 0
            ORDER BY d.place LIMIT ?
            """)
        .param(endpoint)
        .param(limit)
        .query(DeliveryLog::blocked)
        .list();
  }

  /// How many messages wait, counted up to a bound.
  long pending(String endpoint) {
    return jdbc.sql(
            """
            SELECT count(*) FROM (
              SELECT FROM webhook_delivery WHERE endpoint_id = ? AND status = 'PENDING' LIMIT ?)
              AS pending
            """)
        .param(endpoint)
        .param(MOST_COUNTED)
        .query(Long.class)
        .single();
  }

  private static Shown shown(ResultSet row, int number) throws SQLException {
    return new Shown(
        row.getLong("sequence"),
        row.getString("message_id"),
        row.getString("type"),
        row.getString("subject"),
        row.getString("status"),
        row.getInt("attempts"),
        row.getObject("last_status", Integer.class),
        row.getString("last_error"),
        row.getString("blocked_by"),
        instant(row, "next_attempt_at"),
        instant(row, "delivered_at"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  private static Logged logged(ResultSet row, int number) throws SQLException {
    return new Logged(
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getInt("duration_millis"),
        row.getString("url"),
        row.getString("request_headers"),
        row.getObject("status", Integer.class),
        row.getString("response_headers"),
        row.getString("response_body"),
        row.getString("error"));
  }

  private static Blocked blocked(ResultSet row, int number) throws SQLException {
    return new Blocked(
        row.getString("subject"),
        row.getString("message_id"),
        row.getString("type"),
        row.getInt("attempts"),
        row.getObject("last_status", Integer.class),
        row.getString("last_error"),
        row.getBoolean("under_way") ? null : instant(row, "due_at"),
        row.getLong("waiting"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  record Shown(
      long sequence,
      String message,
      String type,
      String subject,
      String status,
      int attempts,
      @Nullable Integer lastStatus,
      @Nullable String lastError,
      @Nullable String blockedBy,
      @Nullable Instant nextAttemptAt,
      @Nullable Instant deliveredAt,
      Instant createdAt) {}

  record Logged(
      Instant at,
      int durationMillis,
      String url,
      String requestHeaders,
      @Nullable Integer status,
      String responseHeaders,
      String responseBody,
      @Nullable String error) {}

  record Blocked(
      String subject,
      String message,
      String type,
      int attempts,
      @Nullable Integer lastStatus,
      @Nullable String lastError,
      @Nullable Instant nextAttemptAt,
      long waiting) {}
}
