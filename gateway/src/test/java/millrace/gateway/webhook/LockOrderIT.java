package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import millrace.gateway.stream.IdleStreams;
import millrace.gateway.webhook.Deliveries.Lane;
import millrace.gateway.webhook.Target.Keys;
import millrace.protocol.type.MerchantId;
import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/// Whatever happens to an endpoint at the same time, nobody waits for one who waits for him. Each
/// test holds a row until both sides have locked what they lock before it; in another order the
/// database would have to end one of them.
class LockOrderIT {
  static final MerchantId MERCHANT = new MerchantId("mer_" + "1".repeat(26));
  static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final Instant AGO = Instant.parse("2026-10-01T10:00:00Z");
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static JdbcClient jdbc;
  private static TransactionTemplate transaction;
  private static Sides sides;
  private static Messages messages;
  private static Lanes lanes;
  private static Deliveries deliveries;
  private static OutcomeStore outcomes;

  /// In the order of their ids.
  private List<String> endpoints;

  @BeforeAll
  static void start() throws SQLException {
    var database = TestPostgres.freshDatabase();
    DataSource source =
        new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    Flyway.configure().dataSource(source).locations("classpath:db/gateway").load().migrate();
    jdbc = JdbcClient.create(source);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
    sides = new Sides(jdbc, transaction);
    var bell = new Bell(IdleStreams.create());
    messages = new Messages(jdbc, bell);
    lanes = new Lanes(jdbc, bell);
    deliveries = new Deliveries(jdbc, messages, lanes);
    outcomes = new OutcomeStore(jdbc, lanes);
    jdbc.sql("INSERT INTO merchant VALUES (?, 'Shop', '0x' || repeat('1', 40), '{}', now())")
        .param(MERCHANT.value())
        .update();
  }

  @BeforeEach
  void newEndpoints() {
    endpoints = List.of(endpoint(), endpoint(), endpoint());
  }

  @Test
  void batchesThatFailedAtTheSameEndpointsInOppositeOrdersAreBothStored() {
    var one = List.of(failed(0, "one"), failed(2, "one"), failed(1, "one"));
    var other = List.of(failed(1, "other"), failed(0, "other"));
    var held = sides.hold("SELECT FROM webhook_endpoint WHERE id = ? FOR UPDATE", endpoints.get(2));
    var first = sides.run(() -> outcomes.store(one));
    sides.awaitHeldUp(1, first);
    var second = sides.run(() -> outcomes.store(other));
    sides.awaitHeldUp(2, second);

    held.countDown();

    assertThat(CompletableFuture.allOf(first, second)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(
            jdbc.sql(
                    """
                    SELECT count(*) FROM webhook_endpoint
                    WHERE id = ANY (?::text[]) AND failing_since = ?
                    """)
                .param(endpoints.toArray(String[]::new))
                .param(Messages.utc(NOW))
                .query(Integer.class)
                .single())
        .isEqualTo(3);
  }

  @Test
  void healthyEndpointsAreNotWaitedFor() {
    var took = message(0, "one").taken();
    var held =
        sides.hold("SELECT FROM webhook_endpoint WHERE id = ? FOR NO KEY UPDATE", endpoints.get(0));

    assertThat(sides.run(() -> outcomes.store(List.of(took))))
        .succeedsWithin(Duration.ofSeconds(20));

    held.countDown();
  }

  /// As [EndpointHealth] does, which has changed the endpoint when it tells its merchant.
  @Test
  void whoeverTellsOfAnEndpointAndWhoeverStoresItsOutcomeBothSucceed() {
    var endpoint = endpoints.getFirst();
    var outcome = failed(0, endpoint);
    var id = Notice.PREFIX + "%026d".formatted(NUMBERS.incrementAndGet());
    var notice = new Notice(id, MERCHANT, EventType.ENDPOINT_FAILING, endpoint, () -> "{}", NOW);

    var store =
        transaction.execute(
            _ -> {
              jdbc.sql("UPDATE webhook_endpoint SET failing_told = true WHERE id = ?")
                  .param(endpoint)
                  .update();
              var storing = sides.run(() -> outcomes.store(List.of(outcome)));
              sides.awaitHeldUp(1, storing);
              deliveries.add(List.of(notice));
              return storing;
            });

    assertThat(store).succeedsWithin(Duration.ofSeconds(20));
    assertThat(state(id)).isEqualTo("PENDING");
  }

  @Test
  void aReplayLeavesWhatIsUnderWayToItsSender() {
    var underWay = message(0, "one");
    var missed = message(0, "two");
    jdbc.sql("UPDATE webhook_delivery SET status = 'FAILED' WHERE sequence = ?")
        .param(missed.parcel().sequence())
        .update();
    var held =
        sides.hold(
            "SELECT FROM webhook_delivery WHERE sequence = ? FOR UPDATE",
            missed.parcel().sequence());
    var events = List.of(underWay.told(), missed.told());
    var replay = sides.run(() -> deliveries.replay(listener(), events, true));
    sides.awaitHeldUp(1, replay);
    var store = sides.run(() -> outcomes.store(List.of(underWay.taken())));
    sides.awaitHeldUp(2, store);

    held.countDown();

    assertThat(CompletableFuture.allOf(replay, store)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(state(underWay.parcel().message())).isEqualTo("DELIVERED");
    assertThat(state(missed.parcel().message())).isEqualTo("PENDING");
  }

  /// Else the one would have the delivery that the other needs, and lack its next message.
  @Test
  void whatIsReplayedIsNotForgottenMeanwhile() {
    var missed = failedLongAgo("missed");
    var unsent = unsentLongAgo("unsent");
    var held = holdDelivery(missed);
    var events = List.of(missed.told(), unsent.told());
    var replay = sides.run(() -> deliveries.replay(listener(), events, true));
    sides.awaitHeldUp(1, replay);
    var forget = sides.run(() -> messages.forgetOlderThan(AGO.plusSeconds(1), 100));
    sides.awaitHeldUp(2, forget);

    held.countDown();

    assertThat(CompletableFuture.allOf(replay, forget)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(state(missed.parcel().message())).isEqualTo("PENDING");
    assertThat(state(unsent.parcel().message())).isEqualTo("PENDING");
  }

  @Test
  void whatIsBeingForgottenIsNotReplayed() {
    var missed = failedLongAgo("missed");
    var unsent = unsentLongAgo("unsent");
    var held = holdDelivery(missed);
    var forget = sides.run(() -> messages.forgetOlderThan(AGO.plusSeconds(1), 100));
    sides.awaitHeldUp(1, forget);
    var events = List.of(missed.told(), unsent.told());
    var replay = sides.run(() -> deliveries.replay(listener(), events, true));
    sides.awaitHeldUp(2, replay);

    held.countDown();

    assertThat(CompletableFuture.allOf(replay, forget)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(messages.find(MERCHANT, missed.parcel().message())).isEmpty();
    assertThat(messages.find(MERCHANT, unsent.parcel().message())).isEmpty();
  }

  private static CountDownLatch holdDelivery(Sent message) {
    return sides.hold(
        "SELECT FROM webhook_delivery WHERE sequence = ? FOR UPDATE", message.parcel().sequence());
  }

  private Sent failedLongAgo(String subject) {
    return longAgo(message(0, subject), "UPDATE webhook_delivery SET status = 'FAILED'");
  }

  private Sent unsentLongAgo(String subject) {
    return longAgo(message(0, subject), "DELETE FROM webhook_delivery");
  }

  private static Sent longAgo(Sent message, String end) {
    jdbc.sql("UPDATE webhook_message SET created_at = ? WHERE id = ?")
        .param(Messages.utc(AGO))
        .param(message.parcel().message())
        .update();
    jdbc.sql(end + " WHERE sequence = ?").param(message.parcel().sequence()).update();
    return message;
  }

  @ParameterizedTest
  @ValueSource(strings = {"skip", "resend"})
  void whatAMerchantDoesToAMessageUnderWayWaitsForItsOutcome(String action) {
    var one = message(0, "one");
    var two = message(0, "two");
    var held = sides.hold("SELECT FROM webhook_lane WHERE token = ? FOR UPDATE", two.token());
    var store = sides.run(() -> outcomes.store(List.of(one.taken(), two.taken())));
    sides.awaitHeldUp(1, store);
    var act =
        sides.run(
            () -> {
              if (action.equals("skip")) {
                deliveries.skip(endpoints.getFirst(), one.parcel().message());
              } else {
                deliveries.addTo(endpoints.getFirst(), one.notice());
              }
            });
    sides.awaitHeldUp(2, act);

    held.countDown();

    assertThat(CompletableFuture.allOf(store, act)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(state(one.parcel().message()))
        .isEqualTo(action.equals("skip") ? "DELIVERED" : "PENDING");
    assertThat(state(two.parcel().message())).isEqualTo("DELIVERED");
  }

  /// Else it would write to the deliveries of somebody who has begun to send them again.
  @Test
  void aSenderThatWasTakenForDeadWaitsForTheOneThatHasItsLane() {
    var message = message(0, "one");
    var late = message.taken();
    jdbc.sql("UPDATE webhook_lane SET token = nextval('webhook_token') WHERE token = ?")
        .param(message.token())
        .update();
    var held =
        sides.hold(
            "SELECT FROM webhook_lane WHERE endpoint_id = ? FOR UPDATE", endpoints.getFirst());
    var store = sides.run(() -> outcomes.store(List.of(late)));
    sides.awaitHeldUp(1, store);
    assertThat(store).isNotDone();

    held.countDown();

    assertThat(store).succeedsWithin(Duration.ofSeconds(20));
    assertThat(state(message.parcel().message())).isEqualTo("DELIVERED");
    assertThat(laneTokens()).doesNotContainNull().doesNotContain(message.token());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hurry", "drop"})
  void allLanesOfAnEndpointAreLockedAsNewEventsLockThem(String action) {
    var endpoint = endpoints.getFirst();
    for (var subject : List.of("b", "c", "a")) {
      jdbc.sql("INSERT INTO webhook_lane VALUES (?, ?, now() + interval '1 day', NULL)")
          .param(endpoint)
          .param(subject)
          .update();
    }
    var held =
        sides.hold(
            "SELECT FROM webhook_lane WHERE endpoint_id = ? AND subject = 'c' FOR UPDATE",
            endpoint);
    var all =
        sides.run(
            () -> {
              if (action.equals("drop")) lanes.drop(endpoint);
              else lanes.hurry(endpoint);
            });
    sides.awaitHeldUp(1, all);
    var news =
        sides.run(
            () -> lanes.open(List.of(new Lane(endpoint, "b"), new Lane(endpoint, "a")), false));
    sides.awaitHeldUp(2, news);

    held.countDown();

    assertThat(CompletableFuture.allOf(all, news)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(laneTokens()).hasSize(action.equals("drop") ? 2 : 3);
  }

  private List<Long> laneTokens() {
    return jdbc.sql("SELECT token FROM webhook_lane WHERE endpoint_id = ?")
        .param(endpoints.getFirst())
        .query((row, _) -> row.getObject("token", Long.class))
        .list();
  }

  private String state(String message) {
    return jdbc.sql("SELECT status FROM webhook_delivery WHERE message_id = ? AND endpoint_id = ?")
        .param(message)
        .param(endpoints.getFirst())
        .query(String.class)
        .single();
  }

  private static String endpoint() {
    var id = "we_%026d".formatted(NUMBERS.incrementAndGet());
    jdbc.sql(
            """
            INSERT INTO webhook_endpoint (id, merchant_id, url, events, secret, created_at)
            VALUES (?, ?, 'https://shop.example/', 'endpoint.failing', '', now())
            """)
        .param(id)
        .param(MERCHANT.value())
        .update();
    return id;
  }

  private WebhookEndpoint listener() {
    return new WebhookEndpoint(
        endpoints.getFirst(),
        MERCHANT,
        "https://shop.example/",
        Set.of(EventType.ENDPOINT_FAILING),
        EnumSet.of(SignatureScheme.V1),
        new Keys("", null),
        NOW);
  }

  /// A message that a sender has taken to one of the endpoints.
  private Sent message(int endpoint, String subject) {
    var id = Notice.PREFIX + "%026d".formatted(NUMBERS.incrementAndGet());
    var lane = new Lane(endpoints.get(endpoint), subject);
    var notice = new Notice(id, MERCHANT, EventType.ENDPOINT_FAILING, subject, () -> "{}", NOW);
    transaction.executeWithoutResult(_ -> messages.add(List.of(notice)));
    long sequence =
        jdbc.sql(
                """
                INSERT INTO webhook_delivery
                  (message_id, endpoint_id, subject, place, next_attempt_at)
                SELECT id, ?, subject, position, now() FROM webhook_message WHERE id = ?
                RETURNING sequence
                """)
            .param(lane.endpoint())
            .param(id)
            .query(Long.class)
            .single();
    long token =
        jdbc.sql(
                """
                INSERT INTO webhook_lane VALUES (?, ?, now(), nextval('webhook_token'))
                RETURNING token
                """)
            .param(lane.endpoint())
            .param(subject)
            .query(Long.class)
            .single();
    return new Sent(lane, token, new Parcel(sequence, 0, id, "{}"));
  }

  private Outcome failed(int endpoint, String subject) {
    return message(endpoint, subject).outcome(Optional.of("status 500"));
  }
}
