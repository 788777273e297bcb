package millrace.gateway.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// What merchants are told, as it is sent. Kept are the events that somebody wants to hear of and
/// those that are rare; see [PaymentEvents] for the rest.
@Repository
class Messages {
  /// Positions become visible in their order only because nobody gives out the next ones before
  /// the last ones are committed.
  private static final long POSITIONS = 0x6d657373_61676573L;

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private static final String NOT_AWAITED =
      """
      NOT EXISTS (
        SELECT 1 FROM webhook_delivery d
        JOIN webhook_endpoint e ON e.id = d.endpoint_id
        WHERE d.message_id = m.id AND d.status = 'PENDING'
          AND e.disabled_at IS NULL AND e.deleted_at IS NULL)
      """;

  private final JdbcClient jdbc;
  private final Bell bell;

  Messages(JdbcClient jdbc, Bell bell) {
    this.jdbc = jdbc;
    this.bell = bell;
  }

  /// In the order given. To be called in a transaction.
  void add(List<Notice> notices) {
    awaitOthers();
    jdbc.sql(
            """
            INSERT INTO webhook_message (id, merchant_id, type, subject, body, created_at)
            SELECT id, merchant_id, type, subject, body, at
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
              WITH ORDINALITY AS t(id, merchant_id, type, subject, body, at, place)
            ORDER BY place
            ON CONFLICT (id) DO NOTHING
            """)
        .param(notices.stream().map(Notice::id).toArray(String[]::new))
        .param(notices.stream().map(notice -> notice.merchant().value()).toArray(String[]::new))
        .param(notices.stream().map(notice -> notice.type().wire()).toArray(String[]::new))
        .param(notices.stream().map(Notice::subject).toArray(String[]::new))
        .param(notices.stream().map(notice -> notice.body().get()).toArray(String[]::new))
        .param(notices.stream().map(notice -> notice.at().toString()).toArray(String[]::new))
        .update();
    bell.newsAfterCommit(notices.stream().map(Notice::merchant).collect(Collectors.toSet()));
  }

  /// Returns when all who were adding have committed. In a transaction nobody else adds from then
  /// on.
  void awaitOthers() {
    jdbc.sql("SELECT pg_advisory_xact_lock(?)").param(POSITIONS).query(_ -> {});
  }

  /// Those of the merchants who read all their events as a stream.
  Set<MerchantId> followers(Collection<MerchantId> merchants) {
    return jdbc
        .sql("SELECT merchant_id FROM event_follower WHERE merchant_id = ANY (?::text[])")
        .param(merchants.stream().map(MerchantId::value).toArray(String[]::new))
        .query((row, _) -> new MerchantId(row.getString("merchant_id")))
        .list()
        .stream()
        .collect(Collectors.toSet());
  }

  void follow(MerchantId merchant, Instant now) {
    jdbc.sql(
            """
            INSERT INTO event_follower (merchant_id, followed_at) VALUES (?, ?)
            ON CONFLICT (merchant_id) DO UPDATE SET followed_at = excluded.followed_at
            """)
        .param(merchant.value())
        .param(utc(now))
        .update();
  }

  Optional<Told> find(MerchantId merchant, String id) {
    return jdbc.sql("SELECT * FROM webhook_message WHERE merchant_id = ? AND id = ?")
        .param(merchant.value())
        .param(id)
        .query(Messages::told)
        .optional();
  }

  /// @param types all when there are none
  List<Told> page(
      MerchantId merchant,
      Set<EventType> types,
      Optional<String> subject,
      Period period,
      PageRequest page) {
    return jdbc.sql(
            """
            SELECT * FROM webhook_message
            WHERE merchant_id = :merchant AND id < :before AND id >= :from AND id < :to
              AND (cardinality(:types::text[]) = 0 OR type = ANY (:types::text[]))
              AND (:subject::text IS NULL OR subject = :subject)
            ORDER BY id DESC LIMIT :limit
            """)
        .param("merchant", merchant.value())
        .param("before", page.before())
        .param("from", period.fromId(Notice.PREFIX))
        .param("to", period.toId(Notice.PREFIX))
        .param("types", types.stream().map(EventType::wire).toArray(String[]::new))
        .param("subject", subject.orElse(null))
        .param("limit", page.limitAndOne())
        .query(Messages::told)
        .list();
  }

  /// What came after a position, oldest first.
  List<Told> after(MerchantId merchant, long position, int limit) {
    return jdbc.sql(
            """
            SELECT * FROM webhook_message WHERE merchant_id = ? AND position > ?
            ORDER BY position LIMIT ?
            """)
        .param(merchant.value())
        .param(position)
        .param(limit)
        .query(Messages::told)
        .list();
  }

  /// A position that everything from `time` on comes after. Ids are as old as the request that
  /// began a payment, which may have waited for its deposit. Both places are looked up at once:
  /// what was added in between would come after neither.
  long before(MerchantId merchant, Instant time) {
    return jdbc.sql(
            """
            SELECT coalesce(
              (SELECT min(position) - 1 FROM webhook_message
                WHERE merchant_id = :merchant AND id >= :from AND created_at >= :time),
              (SELECT max(position) FROM webhook_message WHERE merchant_id = :merchant),
              0)
            """)
        .param("merchant", merchant.value())
        .param("from", Period.of(time.minus(LONGEST_WAIT), null).fromId(Notice.PREFIX))
        .param("time", utc(time))
        .query(Long.class)
        .single();
  }

  /// The newest position of the merchant; 0 when nothing was ever kept.
  long head(MerchantId merchant) {
    return jdbc.sql("SELECT coalesce(max(position), 0) FROM webhook_message WHERE merchant_id = ?")
        .param(merchant.value())
        .query(Long.class)
        .single();
  }

  /// At most `limit` of them; what an enabled endpoint has yet to hear stays. Deliveries go with
  /// their messages, so these are locked first, as by [#keep]. Whoever had them may have queued
  /// some again by then.
  @Transactional
  public int forgetOlderThan(Instant age, int limit) {
    var old =
        jdbc.sql(
                """
                SELECT id FROM webhook_message WHERE id IN (
                  SELECT m.id FROM webhook_message m
                  WHERE created_at < ? AND
                """
                    + NOT_AWAITED
                    + """
                  LIMIT ?)
                ORDER BY id FOR UPDATE
                """)
            .param(utc(age))
            .param(limit)
            .query(String.class)
            .list();
    return jdbc.sql("DELETE FROM webhook_message m WHERE id = ANY (?::text[]) AND " + NOT_AWAITED)
        .param(old.toArray(String[]::new))
        .update();
  }

  /// Those of them that are still there, and stay until the transaction ends. Whoever locks
  /// messages and deliveries in one transaction locks the messages first, by id.
  List<String> keep(Collection<String> ids) {
    return jdbc.sql(
            """
            SELECT id FROM webhook_message WHERE id = ANY (?::text[]) ORDER BY id FOR KEY SHARE
            """)
        .param(ids.toArray(String[]::new))
        .query(String.class)
        .list();
  }

  int forgetFollowersOlderThan(Instant age) {
    return jdbc.sql("DELETE FROM event_follower WHERE followed_at < ?").param(utc(age)).update();
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static Told told(ResultSet row, int number) throws SQLException {
    return new Told(
        row.getString("id"),
        EventType.ofWire(row.getString("type")),
        row.getString("subject"),
        row.getString("body"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getLong("position"));
  }

  /// An event as its merchant was told it, or would have been.
  ///
  /// @param position 0 when nothing was stored
  record Told(String id, EventType type, String subject, String body, Instant at, long position) {}
}
