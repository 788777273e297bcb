package millrace.gateway.webhook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.gateway.webhook.Messages.Told;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Which endpoint is to hear of what. Deliveries of one endpoint and subject form a lane and go
/// out in the order of their messages.
@Repository
class Deliveries {
  private final JdbcClient jdbc;
  private final Messages messages;
  private final Lanes lanes;

  Deliveries(JdbcClient jdbc, Messages messages, Lanes lanes) {
    this.jdbc = jdbc;
    this.messages = messages;
    this.lanes = lanes;
  }

  /// Keeps what anybody listens to, with one delivery for each endpoint that is enabled now. In
  /// the order given.
  @Transactional
  public void add(List<Notice> notices) {
    if (notices.isEmpty()) return;
    var merchants = notices.stream().map(Notice::merchant).distinct().toList();
    var kept = kept(notices, listening(merchants), messages.followers(merchants));
    if (kept.isEmpty()) return;
    messages.add(kept);
    // Asked again now that nobody else adds: one that was switched on before has heard of what was
    // added by then, and nobody would tell it of this.
    insert(addressed(kept, listening(merchants)));
  }

  private static List<Notice> kept(
      List<Notice> notices, List<Listening> endpoints, Set<MerchantId> followers) {
    Map<String, Notice> kept = new LinkedHashMap<>();
    for (var notice : notices) {
      if (!notice.type().isKeptOnlyWhenWanted()
          || followers.contains(notice.merchant())
          || endpoints.stream().anyMatch(endpoint -> endpoint.wants(notice))) {
        kept.put(notice.id(), notice);
      }
    }
    return List.copyOf(kept.values());
  }

  private static List<Addressed> addressed(List<Notice> kept, List<Listening> endpoints) {
    List<Addressed> addressed = new ArrayList<>();
    for (var notice : kept) {
      for (var endpoint : endpoints) {
        if (endpoint.enabled && endpoint.wants(notice)) {
          addressed.add(new Addressed(notice, endpoint.id));
        }
      }
    }
    return addressed;
  }

  /// As [#add], and kept whether anybody listens or not.
  @Transactional
  public void addAndKeep(Notice notice) {
    messages.add(List.of(notice));
    add(List.of(notice));
  }

  /// Once more, or at last, to one endpoint.
  @Transactional
  public void addTo(String endpoint, Notice notice) {
    messages.add(List.of(notice));
    again(notice.id(), endpoint, notice.subject());
  }

  /// The merchants of whose endpoints one at least wants events of this type.
  Set<MerchantId> wanting(EventType type) {
    return jdbc
        .sql(
            """
            SELECT DISTINCT merchant_id FROM webhook_endpoint
             WHERE deleted_at IS NULL AND ? = ANY (string_to_array(events, ' '))
            """)
        .param(type.wire())
        .query((row, _) -> new MerchantId(row.getString("merchant_id")))
        .list()
        .stream()
        .collect(Collectors.toSet());
  }

  private List<Listening> listening(Collection<MerchantId> merchants) {
    return jdbc.sql(
            """
            SELECT id, merchant_id, events, disabled_at IS NULL AS enabled FROM webhook_endpoint
            WHERE merchant_id = ANY (?::text[]) AND deleted_at IS NULL
            ORDER BY id
            """)
        .param(merchants.stream().map(MerchantId::value).toArray(String[]::new))
        .query(
            (row, _) ->
                new Listening(
                    row.getString("id"),
                    new MerchantId(row.getString("merchant_id")),
                    WebhookEndpoint.split(row.getString("events")),
                    row.getBoolean("enabled")))
        .list();
  }

  private void insert(List<Addressed> addressed) {
    if (addressed.isEmpty()) return;
    lanes.open(addressed.stream().map(Addressed::lane).toList(), false);
    jdbc.sql(
            """
            INSERT INTO webhook_delivery
              (message_id, endpoint_id, subject, place, next_attempt_at)
            SELECT m.id, t.endpoint_id, m.subject, m.position, now()
            FROM unnest(?::text[], ?::text[]) AS t(message_id, endpoint_id)
            JOIN webhook_message m ON m.id = t.message_id
            ORDER BY m.position
            ON CONFLICT (message_id, endpoint_id) DO NOTHING
            """)
        .param(addressed.stream().map(it -> it.notice.id()).toArray(String[]::new))
        .param(addressed.stream().map(Addressed::endpoint).toArray(String[]::new))
        .update();
  }

  private void again(String message, String endpoint, String subject) {
    lanes.open(List.of(new Lane(endpoint, subject)), true);
    jdbc.sql(
            """
            INSERT INTO webhook_delivery (message_id, endpoint_id, subject, place, next_attempt_at)
            SELECT id, ?, subject, position, now() FROM webhook_message WHERE id = ?
            ON CONFLICT (message_id, endpoint_id) DO UPDATE
            SET status = 'PENDING', attempts = 0, next_attempt_at = now(), delivered_at = NULL
            WHERE webhook_delivery.status <> 'PENDING'
            """)
        .param(endpoint)
        .param(message)
        .update();
  }

  /// A part of what came after `position`: what the endpoint was never sent or never took, and
  /// with `all` what it took as well.
  @Transactional
  public int replay(WebhookEndpoint endpoint, List<Told> events, boolean all) {
    var missing = missing(endpoint.id(), events, all);
    var open = missing.stream().map(event -> new Lane(endpoint.id(), event.subject())).toList();
    lanes.open(open, true);
    var kept = messages.keep(missing.stream().map(Told::id).toList());
    return jdbc.sql(
            """
            INSERT INTO webhook_delivery
              (message_id, endpoint_id, subject, place, next_attempt_at)
            SELECT id, :endpoint, subject, position, now() FROM webhook_message
            WHERE id = ANY (:messages::text[])
            ORDER BY position
            ON CONFLICT (message_id, endpoint_id) DO UPDATE
            SET status = 'PENDING', attempts = 0, next_attempt_at = now(), delivered_at = NULL
            WHERE webhook_delivery.status <> 'PENDING'
              AND (:all OR webhook_delivery.status <> 'DELIVERED')
            """)
        .param("endpoint", endpoint.id())
        .param("messages", kept.toArray(String[]::new))
        .param("all", all)
        .update();
  }

  /// What need not be sent is not touched, since its lane is not locked.
  private List<Told> missing(String endpoint, List<Told> events, boolean all) {
    var ids =
        jdbc.sql(
                """
                SELECT t.id FROM unnest(:messages::text[]) AS t(id)
                LEFT JOIN webhook_delivery d
                  ON d.message_id = t.id AND d.endpoint_id = :endpoint
                WHERE d.sequence IS NULL
                  OR d.status <> 'PENDING' AND (:all OR d.status <> 'DELIVERED')
                """)
            .param("endpoint", endpoint)
            .param("messages", events.stream().map(Told::id).toArray(String[]::new))
            .param("all", all)
            .query(String.class)
            .set();
    return events.stream().filter(event -> ids.contains(event.id())).toList();
  }

  /// False when the endpoint does not wait for this message.
  @Transactional
  public boolean skip(String endpoint, String message) {
    var subject =
        jdbc.sql(
                """
                SELECT subject FROM webhook_delivery
                WHERE endpoint_id = ? AND message_id = ? AND status = 'PENDING'
                """)
            .param(endpoint)
            .param(message)
            .query(String.class)
            .optional();
    if (subject.isEmpty()) return false;
    lanes.open(List.of(new Lane(endpoint, subject.get())), true);
    int skipped =
        jdbc.sql(
                """
                UPDATE webhook_delivery SET status = 'SKIPPED'
                WHERE endpoint_id = ? AND message_id = ? AND status = 'PENDING'
                """)
            .param(endpoint)
            .param(message)
            .update();
    return skipped > 0;
  }

  private record Addressed(Notice notice, String endpoint) {
    Lane lane() {
      return new Lane(endpoint, notice.subject());
    }
  }

  private record Listening(String id, MerchantId merchant, Set<EventType> events, boolean enabled) {
    boolean wants(Notice notice) {
      return merchant.equals(notice.merchant()) && events.contains(notice.type());
    }
  }

  /// What an endpoint is to hear of one subject.
  record Lane(String endpoint, String subject) {}
}
