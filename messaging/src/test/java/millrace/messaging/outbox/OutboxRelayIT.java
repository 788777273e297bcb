package millrace.messaging.outbox;

import static millrace.messaging.NumberedEvents.event;
import static millrace.messaging.NumberedEvents.firstSeen;
import static millrace.messaging.NumberedEvents.newChannel;
import static millrace.messaging.NumberedEvents.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import millrace.embedded.LocalKafka;
import millrace.embedded.LocalPostgres;
import millrace.messaging.EventCodec;
import millrace.messaging.MessagingProperties;
import millrace.messaging.NumberedEvents;
import millrace.messaging.Topics;
import millrace.protocol.type.ChannelId;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxRelayIT {
  /// For machines with other things to do.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final MessagingProperties PROPERTIES =
      new MessagingProperties(
          6, (short) 1, 50, Duration.ofMillis(100), Duration.ofMillis(5), Duration.ofSeconds(5));

  private final List<OutboxRelay> relays = new ArrayList<>();

  @AfterEach
  void stop() {
    relays.forEach(OutboxRelay::stop);
  }

  @Test
  void relaysThatRaceAndLoseTheirTurnKeepTheOrderOfEveryKey() throws Exception {
    TestKafka.createTopicIfMissing(Topics.CHANNELS, 6);
    var test = TestPostgres.freshDatabase();
    var database = new Database(test.jdbcUrl(), test.user(), test.password());
    relay(database, TestKafka.bootstrapServers());
    relay(database, TestKafka.bootstrapServers());
    var channels = Stream.generate(NumberedEvents::newChannel).limit(8).toList();
    int last = 200;
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var channel : channels) {
        writers.execute(() -> upTo(last).forEach(number -> database.append(channel, number)));
      }
      for (int i = 0; i < 10; i++) {
        Thread.sleep(100);
        database.endSessionsOfRelays();
      }
    }
    var seen = firstSeen(TestKafka.bootstrapServers(), channels, last);
    for (var channel : channels) assertThat(seen.get(channel)).isEqualTo(upTo(last));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.rows()).isZero());
  }

  @Test
  void eventsThatWereCommittedWhileKafkaWasAwayFollowInOrder(@TempDir Path directory)
      throws Exception {
    var test = TestPostgres.freshDatabase();
    var database = new Database(test.jdbcUrl(), test.user(), test.password());
    var channels = List.of(newChannel(), newChannel());
    int port;
    try (var kafka = LocalKafka.in(directory).stoppedByCaller().start()) {
      port = Integer.parseInt(kafka.bootstrapServers().replaceFirst(".*:", ""));
      kafka.createTopicIfMissing(Topics.CHANNELS, 3);
      relay(database, kafka.bootstrapServers());
      append(database, channels, 1, 50);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.rows()).isZero());
    }
    append(database, channels, 51, 150);
    long waiting = database.rows();
    assertThat(waiting).isPositive();
    Thread.sleep(7_000); // Longer than the relay waits for an acknowledgement.
    assertThat(database.rows()).isEqualTo(waiting);
    try (var kafka = LocalKafka.in(directory).port(port).stoppedByCaller().start()) {
      append(database, channels, 151, 160);
      var seen = firstSeen(kafka.bootstrapServers(), channels, 160);
      for (var channel : channels) assertThat(seen.get(channel)).isEqualTo(upTo(160));
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.rows()).isZero());
    }
  }

  @Test
  void theRelayGoesOnAfterPostgresWasAway(@TempDir Path directory) throws Exception {
    TestKafka.createTopicIfMissing(Topics.CHANNELS, 6);
    try (var postgres = LocalPostgres.in(directory).stoppedByCaller().start()) {
      postgres.createDatabaseIfMissing("relay");
      var database = new Database(postgres.jdbcUrl("relay"), postgres.user(), "");
      var channel = newChannel();
      relay(database, TestKafka.bootstrapServers());
      append(database, List.of(channel), 1, 10);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.rows()).isZero());
      postgres.killImmediately();
      Thread.sleep(1_000);
      postgres.restart();
      append(database, List.of(channel), 11, 20);
      assertThat(firstSeen(TestKafka.bootstrapServers(), List.of(channel), 20).get(channel))
          .isEqualTo(upTo(20));
    }
  }

  @Test
  void whatIsRolledBackIsNotPublished() throws Exception {
    TestKafka.createTopicIfMissing(Topics.CHANNELS, 6);
    var test = TestPostgres.freshDatabase();
    var database = new Database(test.jdbcUrl(), test.user(), test.password());
    var channel = newChannel();
    relay(database, TestKafka.bootstrapServers());
    database.transactions.executeWithoutResult(
        transaction -> {
          database.outbox.append(channel.toString(), event(channel, 99).event());
          transaction.setRollbackOnly();
        });
    append(database, List.of(channel), 1, 3);
    assertThat(firstSeen(TestKafka.bootstrapServers(), List.of(channel), 3).get(channel))
        .isEqualTo(upTo(3));
  }

  @Test
  void whatWaitsIsShownByAgeAndNumber() {
    var test = TestPostgres.freshDatabase();
    var database = new Database(test.jdbcUrl(), test.user(), test.password());
    for (int i = 1; i <= 3; i++) append(database, List.of(newChannel()), i, i);
    var meters = new SimpleMeterRegistry();
    var inAMinute = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));
    var gauge = new OutboxGauge(JdbcClient.create(database.jdbc), inAMinute, meters);
    gauge.start();
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(meters.get("millrace.outbox.rows").gauge().value()).isEqualTo(3));
      assertThat(meters.get("millrace.outbox.oldest").timeGauge().value(TimeUnit.SECONDS))
          .isBetween(60.0, 120.0);
    } finally {
      gauge.stop();
    }
  }

  @Test
  void anEventOutsideATransactionIsABug() {
    var test = TestPostgres.freshDatabase();
    var database = new Database(test.jdbcUrl(), test.user(), test.password());
    var channel = newChannel();
    assertThatThrownBy(() -> database.outbox.append(channel.toString(), event(channel, 1).event()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(database.rows()).isZero();
  }

  private static void append(Database database, List<ChannelId> channels, long from, long to) {
    for (var channel : channels) {
      database.transactions.executeWithoutResult(
          _ ->
              database.outbox.appendAll(
                  upTo(to).stream()
                      .filter(number -> number >= from)
                      .map(number -> event(channel, number))
                      .toList()));
    }
  }

  private void relay(Database database, String servers) {
    var connections = new OutboxConnections(database.url, database.user, database.password);
    KafkaConnectionDetails connection = () -> List.of(servers);
    var config = OutboxConfiguration.producerConfig(new KafkaProperties(), connection, PROPERTIES);
    var relay = new OutboxRelay(connections, () -> new KafkaProducer<>(config), PROPERTIES);
    relay.start();
    relays.add(relay);
  }

  private static final class Database {
    final String url;
    final String user;
    final String password;
    final JdbcTemplate jdbc;
    final TransactionTemplate transactions;
    final Outbox outbox;

    Database(String url, String user, String password) {
      this.url = url;
      this.user = user;
      this.password = password;
      var source = new DriverManagerDataSource(url, user, password);
      jdbc = new JdbcTemplate(source);
      transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
      outbox = new Outbox(source, new EventCodec(), Clock.systemUTC(), () -> {});
      Flyway.configure().dataSource(source).locations("classpath:db/messaging").load().migrate();
    }

    void append(ChannelId channel, long number) {
      transactions.executeWithoutResult(
          _ -> outbox.append(channel.toString(), event(channel, number).event()));
    }

    long rows() {
      var rows = jdbc.queryForObject("SELECT count(*) FROM outbox", Long.class);
      return rows == null ? -1 : rows;
    }

    void endSessionsOfRelays() {
      jdbc.queryForList(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'outbox-relay' AND datname = current_database()
          """);
    }
  }
}
