package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import millrace.gateway.stream.IdleStreams;
import millrace.gateway.webhook.Messages.Told;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.Ulid;
import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/// Whoever reads on from where it was misses nothing, whatever is added at the same time.
class EventOrderIT {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static DataSource source;
  private static JdbcClient jdbc;
  private static TransactionTemplate transaction;
  private static Bell bell;
  private static Messages messages;
  private static Deliveries deliveries;

  private MerchantId merchant;

  @BeforeAll
  static void start() throws SQLException {
    var database = TestPostgres.freshDatabase();
    source = new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    Flyway.configure().dataSource(source).locations("classpath:db/gateway").load().migrate();
    jdbc = JdbcClient.create(source);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
    bell = new Bell(IdleStreams.create());
    messages = new Messages(jdbc, bell);
    deliveries = new Deliveries(jdbc, messages, new Lanes(jdbc, bell));
  }

  @BeforeEach
  void newMerchant() {
    merchant = new MerchantId("mer_%026d".formatted(NUMBERS.incrementAndGet()));
    jdbc.sql("INSERT INTO merchant VALUES (?, 'Shop', '0x' || right(?, 40), '{}', now())")
        .param(merchant.value())
        .param("0".repeat(40) + NUMBERS.incrementAndGet())
        .update();
  }

  @Test
  void whatIsCommittedLaterComesLater() {
    var first = notice("first", NOW);
    var second = notice("second", NOW);
    var written = new CountDownLatch(1);
    var committing = new CountDownLatch(1);
    var adding =
        run(
            () -> {
              messages.add(List.of(first));
              written.countDown();
              awaitDown(committing);
            });
    awaitDown(written);
    var other = run(() -> messages.add(List.of(second)));
    awaitHeldUp(other);
    assertThat(messages.after(merchant, 0, 10)).isEmpty();
    assertThat(other).isNotDone();

    committing.countDown();

    assertThat(CompletableFuture.allOf(adding, other)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(messages.after(merchant, 0, 10))
        .extracting(Told::subject)
        .containsExactly("first", "second");
  }

  /// It was replayed what had been added by then, and of this nobody would tell it.
  @Test
  void whatWaitedWhileAnEndpointWasSwitchedOnIsForIt() {
    var endpoint = switchedOff();
    var notice = notice("channel", NOW);
    var written = new CountDownLatch(1);
    var committing = new CountDownLatch(1);
    var first =
        run(
            () -> {
              messages.awaitOthers();
              written.countDown();
              awaitDown(committing);
            });
    awaitDown(written);
    var adding = run(() -> deliveries.add(List.of(notice)));
    awaitHeldUp(adding);
    jdbc.sql("UPDATE webhook_endpoint SET disabled_at = NULL WHERE id = ?")
        .param(endpoint)
        .update();

    committing.countDown();

    assertThat(CompletableFuture.allOf(first, adding)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(
            jdbc.sql("SELECT message_id FROM webhook_delivery WHERE endpoint_id = ?")
                .param(endpoint)
                .query(String.class)
                .list())
        .containsExactly(notice.id());
  }

  @Test
  void nothingIsMissedBetweenLookingForATimeAndForTheEnd() {
    add("before", NOW.minusSeconds(1));
    var looks = new AtomicInteger();
    var busy =
        new DelegatingDataSource(source) {
          @Override
          public Connection getConnection() throws SQLException {
            if (looks.incrementAndGet() > 1) add("between", NOW);
            return super.getConnection();
          }
        };

    long position = new Messages(JdbcClient.create(busy), bell).before(merchant, NOW);

    add("after", NOW);
    assertThat(looks).hasPositiveValue();
    assertThat(messages.after(merchant, position, 10))
        .extracting(Told::subject)
        .hasSize(looks.get())
        .contains("after");
  }

  @Test
  void everythingFromATimeOnComesAfterThePositionBeforeIt() {
    assertThat(messages.before(merchant, NOW)).isZero();
    add("old", NOW.minusSeconds(1));
    add("now", NOW);
    add("late", NOW.minusSeconds(2));
    add("new", NOW.plusSeconds(1));

    assertThat(messages.after(merchant, messages.before(merchant, NOW), 10))
        .extracting(Told::subject)
        .containsExactly("now", "late", "new");
    assertThat(messages.before(merchant, NOW.plusSeconds(2))).isEqualTo(messages.head(merchant));
  }

  private void add(String subject, Instant at) {
    var notice = notice(subject, at);
    transaction.executeWithoutResult(_ -> messages.add(List.of(notice)));
  }

  private Notice notice(String subject, Instant at) {
    var random = "%010d".formatted(NUMBERS.incrementAndGet()).getBytes(StandardCharsets.US_ASCII);
    var id = Notice.PREFIX + Ulid.of(at, random);
    return new Notice(id, merchant, EventType.ENDPOINT_FAILING, subject, () -> "{}", at);
  }

  private String switchedOff() {
    var id = "we_%026d".formatted(NUMBERS.incrementAndGet());
    jdbc.sql(
            """
            INSERT INTO webhook_endpoint
              (id, merchant_id, url, events, secret, created_at, disabled_at)
            VALUES (?, ?, 'https://shop.example/', 'endpoint.failing', '', now(), now())
            """)
        .param(id)
        .param(merchant.value())
        .update();
    return id;
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

  /// Until it waits for the lock, or did not have to.
  private static void awaitHeldUp(CompletableFuture<Void> work) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                work.isDone()
                    || jdbc.sql(
                            """
                            SELECT count(*) > 0 FROM pg_stat_activity
                            WHERE datname = current_database() AND wait_event = 'advisory'
                            """)
                        .query(Boolean.class)
                        .single());
  }
}
