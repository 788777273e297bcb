package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import millrace.gateway.stream.IdleStreams;
import millrace.gateway.webhook.Deliveries.Lane;
import millrace.gateway.webhook.Lanes.Done;
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

/// Who may send what, in which order, and for how long.
class LanesIT {
  private static final MerchantId MERCHANT = new MerchantId("mer_" + "2".repeat(26));
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static JdbcClient jdbc;
  private static TransactionTemplate transaction;
  private static Lanes lanes;
  private static Deliveries deliveries;
  private static OutcomeStore outcomes;

  /// When everything that was added is due.
  private final Instant now = Instant.now().plusSeconds(60);

  private String endpoint;

  @BeforeAll
  static void start() throws SQLException {
    var database = TestPostgres.freshDatabase();
    DataSource source =
        new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    Flyway.configure().dataSource(source).locations("classpath:db/gateway").load().migrate();
    jdbc = JdbcClient.create(source);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
    var bell = new Bell(IdleStreams.create());
    lanes = new Lanes(jdbc, bell);
    deliveries = new Deliveries(jdbc, new Messages(jdbc, bell), lanes);
    outcomes = new OutcomeStore(jdbc, lanes);
    jdbc.sql("INSERT INTO merchant VALUES (?, 'Shop', '0x' || repeat('2', 40), '{}', now())")
        .param(MERCHANT.value())
        .update();
  }

  /// The only one.
  @BeforeEach
  void newEndpoint() {
    jdbc.sql("DELETE FROM webhook_endpoint").update();
    endpoint = "we_%026d".formatted(NUMBERS.incrementAndGet());
    jdbc.sql(
            """
            INSERT INTO webhook_endpoint (id, merchant_id, url, events, secret, created_at)
            VALUES (?, ?, 'https://shop.example/', 'endpoint.failing', '', now())
            """)
        .param(endpoint)
        .param(MERCHANT.value())
        .update();
  }

  @Test
  void aSenderTakesTheOldestOfALaneInOrderAndNobodyElseDoesBeforeItsLeaseEnds() {
    var added = add("one", "one", "one", "one");

    var taken = take(Map.of(), 8, now);

    assertThat(taken).hasSize(1);
    assertThat(messages(taken.getFirst())).containsExactlyElementsOf(added.subList(0, 3));
    assertThat(take(Map.of(), 8, now.plus(LEASE).minusMillis(1))).isEmpty();
    var later = take(Map.of(), 8, now.plus(LEASE));
    assertThat(messages(later.getFirst())).containsExactlyElementsOf(added.subList(0, 3));
    assertThat(later.getFirst().token()).isNotEqualTo(taken.getFirst().token());
  }

  @Test
  void anEndpointHasOnlySoManyPlaces() {
    add("one", "two", "three", "four");

    assertThat(take(Map.of(endpoint, 1), 2, now)).hasSize(1);
    assertThat(take(Map.of(), 2, now)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"disabled_at", "deleted_at"})
  void nothingIsSentToAnEndpointThatIsOffOrRemoved(String since) {
    add("one");
    jdbc.sql("UPDATE webhook_endpoint SET " + since + " = now()").update();

    assertThat(take(Map.of(), 8, now)).isEmpty();
  }

  @Test
  void whatSomebodyElseIsTakingIsNotWaitedFor() {
    add("one", "two");
    var locked = new CountDownLatch(1);
    var taken = new CountDownLatch(1);
    var other =
        run(
            () -> {
              jdbc.sql("SELECT FROM webhook_lane WHERE subject = 'one' FOR UPDATE").query(_ -> {});
              locked.countDown();
              awaitDown(taken);
            });
    awaitDown(locked);

    var mine = CompletableFuture.supplyAsync(() -> take(Map.of(), 8, now));

    assertThat(mine)
        .succeedsWithin(Duration.ofSeconds(20))
        .satisfies(runs -> assertThat(subjects(runs)).containsExactly("two"));
    taken.countDown();
    assertThat(other).succeedsWithin(Duration.ofSeconds(20));
  }

  @Test
  void aLaneStaysForAsLongAsItHasSomethingToDeliver() {
    add("one");
    var run = take(Map.of(), 8, now).getFirst();
    add("one");
    store(sent(run).taken());
    assertThat(take(Map.of(), 8, now)).hasSize(1);

    var last = take(Map.of(), 8, now.plus(LEASE)).getFirst();
    assertThat(last.parcels()).hasSize(1);
    store(sent(last).taken());

    assertThat(jdbc.sql("SELECT count(*) FROM webhook_lane").query(Long.class).single()).isZero();
  }

  /// Only what the endpoint took is a fact: the one who has the lane now will try, and say so.
  @Test
  void ofASenderThatWasTakenForDeadNoFailureCounts() {
    add("one");
    var dead = take(Map.of(), 8, now).getFirst();
    var other = take(Map.of(), 8, now.plus(LEASE)).getFirst();

    store(sent(dead).outcome(Optional.of("status 500")));

    assertThat(jdbc.sql("SELECT token FROM webhook_lane").query(Long.class).list())
        .containsExactly(other.token());
    assertThat(jdbc.sql("SELECT attempts FROM webhook_delivery").query(Integer.class).list())
        .containsExactly(0);
  }

  @Test
  void aLaneIsDueSoonerWhenItHurriesUnlessASenderHasIt() {
    add("idle", "taken");
    var runs = take(Map.of(), 8, now);
    var later = Optional.of(now.plus(LEASE));
    var idle = runs.stream().filter(run -> run.lane().subject().equals("idle")).findFirst();
    var done = new Done(idle.orElseThrow().lane(), idle.get().token(), later);
    transaction.executeWithoutResult(_ -> lanes.close(List.of(done)));

    open(false);
    assertThat(take(Map.of(), 8, now)).isEmpty();
    open(true);
    assertThat(subjects(take(Map.of(), 8, now))).containsExactly("idle");
  }

  private void open(boolean hurry) {
    var both = Stream.of("idle", "taken").map(subject -> new Lane(endpoint, subject)).toList();
    transaction.executeWithoutResult(_ -> lanes.open(both, hurry));
  }

  /// Their ids.
  private List<String> add(String... subjects) {
    var notices = Stream.of(subjects).map(LanesIT::notice).toList();
    transaction.executeWithoutResult(_ -> deliveries.add(notices));
    return notices.stream().map(Notice::id).toList();
  }

  private static Notice notice(String subject) {
    var id = Notice.PREFIX + "%026d".formatted(NUMBERS.incrementAndGet());
    return new Notice(
        id, MERCHANT, EventType.ENDPOINT_FAILING, subject, () -> "{}", LockOrderIT.NOW);
  }

  private static List<Run> take(Map<String, Integer> allowed, int each, Instant now) {
    return Objects.requireNonNull(
        transaction.execute(_ -> lanes.take(100, allowed, each, 3, now, now.plus(LEASE))));
  }

  private static void store(Outcome outcome) {
    transaction.executeWithoutResult(_ -> outcomes.store(List.of(outcome)));
  }

  private static Sent sent(Run run) {
    return new Sent(run.lane(), run.token(), run.parcels().getFirst());
  }

  private static List<String> messages(Run run) {
    return run.parcels().stream().map(Parcel::message).toList();
  }

  private static List<String> subjects(List<Run> runs) {
    return runs.stream().map(run -> run.lane().subject()).toList();
  }

  private static CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(
        () -> transaction.executeWithoutResult(_ -> work.run()),
        task -> Thread.ofVirtual().start(task));
  }

  private static void awaitDown(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
