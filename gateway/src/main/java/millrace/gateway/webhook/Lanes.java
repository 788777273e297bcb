package millrace.gateway.webhook;

import static millrace.gateway.webhook.Messages.utc;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import millrace.gateway.webhook.Deliveries.Lane;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// The lanes that have something to deliver. A sender takes a lane for a while, with a token that
/// nobody else ever has; if it dies, the lane is due again when that time is over. However much
/// waits in a lane, or for an endpoint that is away, is not looked at to find what is due.
///
/// Whoever changes an endpoint, its lanes and their deliveries in one transaction locks them in
/// this order: endpoints by id, then lanes by endpoint and subject, then messages by id, then
/// deliveries. A delivery is written only under the lock of its lane. So nobody waits for one who
/// waits for him.
@Repository
class Lanes {
  private static final Comparator<Lane> ORDER =
      Comparator.comparing(Lane::endpoint).thenComparing(Lane::subject);

  private final JdbcClient jdbc;
  private final Bell bell;

  Lanes(JdbcClient jdbc, Bell bell) {
    this.jdbc = jdbc;
    this.bell = bell;
  }

  /// Makes sure that somebody looks after what was just stored. A lane that is there already is
  /// locked at least, so that its sender cannot close it without seeing what is new.
  ///
  /// @param hurry whether a lane that waits for its next try is due now
  void open(List<Lane> lanes, boolean hurry) {
    if (lanes.isEmpty()) return;
    var sorted = lanes.stream().distinct().sorted(ORDER).toList();
    jdbc.sql(
            """
            INSERT INTO webhook_lane (endpoint_id, subject, due_at)
            SELECT endpoint_id, subject, now()
            FROM unnest(:endpoints::text[], :subjects::text[]) AS t(endpoint_id, subject)
            ORDER BY endpoint_id COLLATE "C", subject COLLATE "C"
            ON CONFLICT (endpoint_id, subject) DO UPDATE SET due_at = now()
            WHERE :hurry AND webhook_lane.token IS NULL
            """)
        .param("endpoints", sorted.stream().map(Lane::endpoint).toArray(String[]::new))
        .param("subjects", sorted.stream().map(Lane::subject).toArray(String[]::new))
        .param("hurry", hurry)
        .update();
    bell.ringAfterCommit();
  }

  /// All of an endpoint that has come back.
  void hurry(String endpoint) {
    jdbc.sql(
            """
            UPDATE webhook_lane l SET due_at = now()
            FROM (SELECT subject FROM webhook_lane
                  WHERE endpoint_id = :endpoint AND token IS NULL
                  ORDER BY subject COLLATE "C" FOR UPDATE) AS idle
            WHERE l.endpoint_id = :endpoint AND l.subject = idle.subject
            """)
        .param("endpoint", endpoint)
        .update();
    bell.ringAfterCommit();
  }

  void drop(String endpoint) {
    jdbc.sql(
            """
            DELETE FROM webhook_lane l
            USING (SELECT subject FROM webhook_lane WHERE endpoint_id = :endpoint
                   ORDER BY subject COLLATE "C" FOR UPDATE) AS present
            WHERE l.endpoint_id = :endpoint AND l.subject = present.subject
            """)
        .param("endpoint", endpoint)
        .update();
  }

  /// Takes what is due, oldest first, until `lease`.
  ///
  /// @param allowed how many lanes of an endpoint may be taken, where it is not `each`
  /// @param length how many messages of a lane are taken at once
  @Transactional
  public List<Run> take(
      int limit, Map<String, Integer> allowed, int each, int length, Instant now, Instant lease) {
    var held = hold(limit, allowed, each, now, lease);
    return held.isEmpty() ? List.of() : load(held, length, lease);
  }

  /// Goes from one endpoint that has lanes to the next by the index.
  private List<Held> hold(
      int limit, Map<String, Integer> allowed, int each, Instant now, Instant lease) {
    return jdbc.sql(
            """
            WITH RECURSIVE working AS (
              (SELECT endpoint_id FROM webhook_lane ORDER BY endpoint_id LIMIT 1)
              UNION ALL
              SELECT (SELECT l.endpoint_id FROM webhook_lane l
                      WHERE l.endpoint_id > w.endpoint_id ORDER BY l.endpoint_id LIMIT 1)
              FROM working w WHERE w.endpoint_id IS NOT NULL),
            due AS MATERIALIZED (
              SELECT l.endpoint_id, l.subject
              FROM working w
              JOIN webhook_endpoint e
                ON e.id = w.endpoint_id AND e.disabled_at IS NULL AND e.deleted_at IS NULL
              LEFT JOIN unnest(:ids::text[], :allowed::int[]) AS a(id, allowed)
                ON a.id = w.endpoint_id
              CROSS JOIN LATERAL (
                SELECT endpoint_id, subject, due_at FROM webhook_lane
                WHERE endpoint_id = w.endpoint_id AND due_at <= :now
                ORDER BY due_at LIMIT coalesce(a.allowed, :each)) l
              ORDER BY l.due_at LIMIT :limit),
            locked AS (
              SELECT l.endpoint_id, l.subject
              FROM webhook_lane l JOIN due USING (endpoint_id, subject)
              WHERE l.due_at <= :now
              FOR UPDATE OF l SKIP LOCKED)
            UPDATE webhook_lane l SET due_at = :lease, token = nextval('webhook_token')
            FROM locked
            WHERE l.endpoint_id = locked.endpoint_id AND l.subject = locked.subject
            RETURNING l.endpoint_id, l.subject, l.token
            """)
        .param("ids", allowed.keySet().toArray(String[]::new))
        .param("allowed", allowed.values().toArray(Integer[]::new))
        .param("each", each)
        .param("limit", limit)
        .param("now", utc(now))
        .param("lease", utc(lease))
        .query(
            (row, _) ->
                new Held(
                    new Lane(row.getString("endpoint_id"), row.getString("subject")),
                    row.getLong("token")))
        .list();
  }

  private List<Run> load(List<Held> held, int length, Instant lease) {
    Map<Long, Run> runs = new TreeMap<>();
    jdbc.sql(
            """
            SELECT t.token, e.*, d.sequence, d.attempts, m.id AS message, m.body
            FROM unnest(:endpoints::text[], :subjects::text[], :tokens::bigint[])
              AS t(endpoint_id, subject, token)
            JOIN webhook_endpoint e ON e.id = t.endpoint_id
            CROSS JOIN LATERAL (
              SELECT sequence, attempts, message_id, place FROM webhook_delivery
              WHERE endpoint_id = t.endpoint_id AND subject = t.subject AND status = 'PENDING'
              ORDER BY place LIMIT :length) d
            JOIN webhook_message m ON m.id = d.message_id
            ORDER BY t.token, d.place
            """)
        .param("endpoints", held.stream().map(it -> it.lane.endpoint()).toArray(String[]::new))
        .param("subjects", held.stream().map(it -> it.lane.subject()).toArray(String[]::new))
        .param("tokens", held.stream().map(Held::token).toArray(Long[]::new))
        .param("length", length)
        .query(
            row -> {
              long token = row.getLong("token");
              var run = runs.get(token);
              if (run == null) {
                run = new Run(lane(held, token), token, lease, Target.of(row));
                runs.put(token, run);
              }
              run.parcels()
                  .add(
                      new Parcel(
                          row.getLong("sequence"),
                          row.getInt("attempts"),
                          row.getString("message"),
                          row.getString("body")));
            });
    var empty = held.stream().filter(it -> !runs.containsKey(it.token)).toList();
    close(empty.stream().map(it -> new Done(it.lane, it.token, Optional.empty())).toList());
    return List.copyOf(runs.values());
  }

  private static Lane lane(List<Held> held, long token) {
    return held.stream().filter(it -> it.token == token).findFirst().orElseThrow().lane;
  }

  /// Which of the lanes are still the caller's. All are locked from here on, so that nothing is
  /// stored for them unseen, and others' because of what is written to their deliveries.
  List<Done> ours(List<Done> runs) {
    var sorted = runs.stream().sorted(Comparator.comparing(Done::lane, ORDER)).toList();
    var tokens =
        jdbc.sql(
                """
                SELECT l.token FROM webhook_lane l
                JOIN unnest(?::text[], ?::text[]) AS t(endpoint_id, subject)
                  ON l.endpoint_id = t.endpoint_id AND l.subject = t.subject
                ORDER BY l.endpoint_id COLLATE "C", l.subject COLLATE "C"
                FOR UPDATE OF l
                """)
            .param(sorted.stream().map(it -> it.lane.endpoint()).toArray(String[]::new))
            .param(sorted.stream().map(it -> it.lane.subject()).toArray(String[]::new))
            .query((row, _) -> row.getLong("token"))
            .set();
    return sorted.stream().filter(done -> tokens.contains(done.token)).toList();
  }

  /// Gives lanes back: those that have nothing to deliver are gone, and the others are due at once
  /// or when they are tried again.
  void close(List<Done> runs) {
    if (runs.isEmpty()) return;
    var mine = ours(runs);
    if (mine.isEmpty()) return;
    jdbc.sql(
            """
            WITH mine AS (
              SELECT * FROM unnest(:endpoints::text[], :subjects::text[], :due::timestamptz[])
                AS t(endpoint_id, subject, due_at)),
            over AS (
              DELETE FROM webhook_lane l USING mine
              WHERE l.endpoint_id = mine.endpoint_id AND l.subject = mine.subject
                AND NOT EXISTS (
                  SELECT 1 FROM webhook_delivery d
                  WHERE d.endpoint_id = mine.endpoint_id AND d.subject = mine.subject
                    AND d.status = 'PENDING')
              RETURNING l.endpoint_id, l.subject)
            UPDATE webhook_lane l
            SET token = NULL, due_at = coalesce(mine.due_at, now())
            FROM mine
            WHERE l.endpoint_id = mine.endpoint_id AND l.subject = mine.subject
              AND (l.endpoint_id, l.subject) NOT IN (SELECT endpoint_id, subject FROM over)
            """)
        .param("endpoints", mine.stream().map(it -> it.lane.endpoint()).toArray(String[]::new))
        .param("subjects", mine.stream().map(it -> it.lane.subject()).toArray(String[]::new))
        .param(
            "due",
            mine.stream()
                .map(it -> it.next.map(Instant::toString).orElse(null))
                .toArray(String[]::new))
        .update();
  }

  private record Held(Lane lane, long token) {}

  /// @param next when the lane is tried again; empty for at once
  record Done(Lane lane, long token, Optional<Instant> next) {}
}
