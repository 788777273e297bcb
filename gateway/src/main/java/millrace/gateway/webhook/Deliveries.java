package millrace.gateway.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Notices on their way. A sender takes a delivery for a while; if it dies, the delivery is due
/// again when that time is over, with the same id and body.
@Repository
class Deliveries {
  private final JdbcClient jdbc;

  Deliveries(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// One delivery for each endpoint that listens now. In the order given.
  void add(List<Notice> notices) {
    if (notices.isEmpty()) return;
    var endpoints = listening(notices.stream().map(Notice::merchant).toList());
    Map<String, Notice> wanted = new LinkedHashMap<>();
    List<Addressed> addressed = new ArrayList<>();
    for (var notice : notices) {
      for (var endpoint : endpoints) {
        if (endpoint.wants(notice)) {
          wanted.put(notice.id(), notice);
          addressed.add(new Addressed(notice, endpoint.id));
        }
      }
    }
    if (addressed.isEmpty()) return;
    insertMessages(List.copyOf(wanted.values()));
    insertDeliveries(addressed);
  }

  @Transactional
  public void addTo(String endpoint, Notice notice) {
    insertMessages(List.of(notice));
    insertDeliveries(List.of(new Addressed(notice, endpoint)));
  }

  private List<Listening> listening(Collection<MerchantId> merchants) {
    return jdbc.sql(
            """
            SELECT id, merchant_id, events FROM webhook_endpoint
            WHERE merchant_id = ANY (?::text[]) AND disabled_at IS NULL AND deleted_at IS NULL
            ORDER BY id
            """)
        .param(merchants.stream().map(MerchantId::value).distinct().toArray(String[]::new))
        .query(
            (row, _) ->
                new Listening(
                    row.getString("id"),
                    new MerchantId(row.getString("merchant_id")),
                    WebhookEndpoint.split(row.getString("events"))))
        .list();
  }

  private void insertMessages(List<Notice> notices) {
    jdbc.sql(
            """
            INSERT INTO webhook_message (id, merchant_id, type, body, created_at)
            SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
            ON CONFLICT (id) DO NOTHING
            """)
        .param(notices.stream().map(Notice::id).toArray(String[]::new))
        .param(notices.stream().map(notice -> notice.merchant().value()).toArray(String[]::new))
        .param(notices.stream().map(notice -> notice.type().wire()).toArray(String[]::new))
        .param(notices.stream().map(notice -> notice.body().get()).toArray(String[]::new))
        .param(notices.stream().map(notice -> notice.at().toString()).toArray(String[]::new))
        .update();
  }

  private void insertDeliveries(List<Addressed> addressed) {
    jdbc.sql(
            """
            INSERT INTO webhook_delivery (message_id, endpoint_id, subject, next_attempt_at)
            SELECT message_id, endpoint_id, subject, now()
            FROM unnest(?::text[], ?::text[], ?::text[]) WITH ORDINALITY
              AS t(message_id, endpoint_id, subject, place)
            ORDER BY place
            ON CONFLICT (message_id, endpoint_id) DO NOTHING
            """)
        .param(addressed.stream().map(to -> to.notice.id()).toArray(String[]::new))
        .param(addressed.stream().map(to -> to.endpoint).toArray(String[]::new))
        .param(addressed.stream().map(to -> to.notice.subject()).toArray(String[]::new))
        .update();
  }

  /// Takes what is due, for as long as `lease` says. Only the oldest of each endpoint and subject
  /// can be due: the others wait for it.
  @Transactional
  public List<Due> take(int limit, Set<String> busyEndpoints, Instant now, Instant lease) {
    return jdbc.sql(
            """
            WITH due AS (
              SELECT d.sequence FROM webhook_delivery d
              JOIN webhook_endpoint e ON e.id = d.endpoint_id
              WHERE d.status = 'PENDING' AND d.next_attempt_at <= :now
                AND e.disabled_at IS NULL AND e.deleted_at IS NULL
                AND d.endpoint_id <> ALL (:busy::text[])
                AND NOT EXISTS (
                  SELECT 1 FROM webhook_delivery earlier
                  WHERE earlier.endpoint_id = d.endpoint_id AND earlier.subject = d.subject
                    AND earlier.status = 'PENDING' AND earlier.sequence < d.sequence)
              ORDER BY d.next_attempt_at, d.sequence
              LIMIT :limit
              FOR UPDATE OF d SKIP LOCKED)
            UPDATE webhook_delivery d
            SET next_attempt_at = :lease, attempts = attempts + 1
            FROM due, webhook_message m, webhook_endpoint e
            WHERE d.sequence = due.sequence AND d.status = 'PENDING'
              AND d.next_attempt_at <= :now AND m.id = d.message_id AND e.id = d.endpoint_id
            RETURNING d.sequence, d.attempts, e.id AS endpoint, e.url, e.secret,
                      m.id AS message, m.body
            """)
        .param("now", utc(now))
        .param("busy", busyEndpoints.toArray(String[]::new))
        .param("limit", limit)
        .param("lease", utc(lease))
        .query(
            (row, _) ->
                new Due(
                    row.getLong("sequence"),
                    row.getInt("attempts"),
                    row.getString("endpoint"),
                    row.getString("url"),
                    row.getString("secret"),
                    row.getString("message"),
                    row.getString("body")))
        .list();
  }

  /// Back into the queue as if it had not been taken.
  void putBack(Due due) {
    jdbc.sql(
            """
            UPDATE webhook_delivery SET next_attempt_at = now(), attempts = attempts - 1
            WHERE sequence = ? AND attempts = ? AND status = 'PENDING'
            """)
        .param(due.sequence())
        .param(due.attempt())
        .update();
  }

  /// The attempt number keeps a sender that was taken for dead from overruling its successor.
  void delivered(Due due, int status, Instant now) {
    jdbc.sql(
            """
            UPDATE webhook_delivery
            SET status = 'DELIVERED', delivered_at = ?, last_status = ?, last_error = NULL
            WHERE sequence = ? AND attempts = ? AND status = 'PENDING'
            """)
        .param(utc(now))
        .param(status)
        .param(due.sequence())
        .param(due.attempt())
        .update();
  }

  /// @param next when it is tried again; empty when it is given up
  void failed(Due due, Optional<Integer> status, String error, Optional<Instant> next) {
    jdbc.sql(
            """
            UPDATE webhook_delivery
            SET status = CASE WHEN :next::timestamptz IS NULL THEN 'FAILED' ELSE 'PENDING' END,
                next_attempt_at = coalesce(:next::timestamptz, next_attempt_at),
                last_status = :status, last_error = :error
            WHERE sequence = :sequence AND attempts = :attempt AND status = 'PENDING'
            """)
        .param("next", next.map(Deliveries::utc).orElse(null))
        .param("status", status.orElse(null), Types.INTEGER)
        .param("error", error)
        .param("sequence", due.sequence())
        .param("attempt", due.attempt())
        .update();
  }

  List<Shown> list(MerchantId merchant, String endpoint, int limit) {
    return jdbc.sql(
            """
            SELECT d.*, m.type FROM webhook_delivery d
            JOIN webhook_message m ON m.id = d.message_id
            WHERE d.endpoint_id = ? AND m.merchant_id = ?
            ORDER BY d.sequence DESC LIMIT ?
            """)
        .param(endpoint)
        .param(merchant.value())
        .param(limit)
        .query(Deliveries::shown)
        .list();
  }

  int forgetOlderThan(Instant age) {
    return jdbc.sql(
            """
            DELETE FROM webhook_message m WHERE created_at < ? AND NOT EXISTS (
              SELECT 1 FROM webhook_delivery d
              JOIN webhook_endpoint e ON e.id = d.endpoint_id
              WHERE d.message_id = m.id AND d.status = 'PENDING'
                AND e.disabled_at IS NULL AND e.deleted_at IS NULL)
            """)
        .param(utc(age))
        .update();
  }

  private static Shown shown(ResultSet row, int number) throws SQLException {
    return new Shown(
        row.getString("message_id"),
        row.getString("type"),
        row.getString("status"),
        row.getInt("attempts"),
        row.getObject("last_status", Integer.class),
        row.getString("last_error"),
        row.getObject("next_attempt_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("delivered_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant)
            .orElse(null));
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private record Addressed(Notice notice, String endpoint) {}

  private record Listening(String id, MerchantId merchant, Set<EventType> events) {
    boolean wants(Notice notice) {
      return merchant.equals(notice.merchant()) && events.contains(notice.type());
    }
  }

  /// A delivery that this sender has taken. `attempt` counts from 1 and names the taking.
  record Due(
      long sequence,
      int attempt,
      String endpoint,
      String url,
      String secret,
      String message,
      String body) {}

  record Shown(
      String message,
      String type,
      String status,
      int attempts,
      @Nullable Integer lastStatus,
      @Nullable String lastError,
      Instant nextAttemptAt,
      @Nullable Instant deliveredAt) {}
}
