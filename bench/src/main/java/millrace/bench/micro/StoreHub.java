package millrace.bench.micro;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import millrace.channel.ChannelService;
import millrace.channel.payment.Payments;
import millrace.embedded.LocalPostgres;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.outbox.OutboxRelay;
import millrace.protocol.channel.HubTerms;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;

/// A PostgreSQL that syncs, and channel-service on it without anybody to speak to: nothing but its
/// transactions costs time. JMH makes the benchmark's state itself, so it is found statically.
final class StoreHub implements AutoCloseable {
  private static final String DATABASE = "channel";
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static @Nullable StoreHub running;

  private final LocalPostgres postgres;
  private final ConfigurableApplicationContext service;

  private StoreHub(LocalPostgres postgres, ConfigurableApplicationContext service) {
    this.postgres = postgres;
    this.service = service;
  }

  static StoreHub start(Path directory) {
    var postgres = LocalPostgres.in(directory.resolve("postgres")).start();
    postgres.createDatabaseIfMissing(DATABASE);
    var hub = new StoreHub(postgres, ChannelService.start(properties(postgres, directory)));
    hub.service.getBean(KafkaListenerEndpointRegistry.class).stop();
    hub.service.getBean(OutboxRelay.class).stop();
    hub.seeTheChain();
    hub.makeBareTable();
    running = hub;
    return hub;
  }

  static StoreHub running() {
    if (running == null) throw new IllegalStateException("started by the command, not by JMH");
    return running;
  }

  private static Map<String, Object> properties(LocalPostgres postgres, Path directory) {
    return Map.ofEntries(
        Map.entry("server.port", 0),
        Map.entry("server.address", "127.0.0.1"),
        Map.entry("spring.datasource.url", postgres.jdbcUrl(DATABASE)),
        Map.entry("spring.datasource.username", postgres.user()),
        Map.entry("spring.datasource.password", ""),
        Map.entry("spring.kafka.bootstrap-servers", "127.0.0.1:9"),
        // Otherwise the client that looks for it is busy with nothing else, and so is a core.
        Map.entry("spring.kafka.properties.metadata.recovery.strategy", "none"),
        Map.entry("spring.main.banner-mode", "off"),
        Map.entry("logging.file.name", directory.resolve("store.log").toString()),
        Map.entry("logging.threshold.console", "OFF"),
        // No tower runs beside it.
        Map.entry("millrace.channel.exposure.limited", false),
        Map.entry("millrace.hub.vault", "0x" + "aa".repeat(20)),
        Map.entry("millrace.hub.token.address", "0x" + "bb".repeat(20)));
  }

  /// For so long that no payment is refused because the chain was not looked at.
  private void seeTheChain() {
    jdbc()
        .sql(
            """
            INSERT INTO chain_head (block, final_block, hash, at)
            VALUES (1, 1, decode(repeat('00', 32), 'hex'), now() + interval '1 hour')
            """)
        .update();
  }

  private void makeBareTable() {
    jdbc()
        .sql(
            """
            CREATE TABLE bare (
              id BYTEA PRIMARY KEY, charged NUMERIC(39, 0) NOT NULL, signature BYTEA NOT NULL
            ) WITH (fillfactor = 60)
            """)
        .update();
  }

  /// What PostgreSQL itself says.
  String setting(String name) {
    return jdbc().sql("SHOW " + name).query(String.class).single();
  }

  /// Channels that a final block has shown funded.
  List<PayingChannel> open(int count) {
    var terms = service.getBean(HubTerms.class);
    var channels = new ArrayList<PayingChannel>(count);
    for (int i = 0; i < count; i++) {
      var channel = PayingChannel.of(terms, NUMBERS.incrementAndGet());
      var config = channel.config();
      jdbc()
          .sql(
              """
              INSERT INTO channel
                (channel_id, payer, payer_authorizer, receiver, receiver_authorizer, token,
                 withdraw_delay_seconds, salt, balance, payer_balance, seen_block, opened,
                 created_at, updated_at)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, TRUE, now(), now())
              """)
          .params(
              channel.id().toArray(),
              config.payer().toArray(),
              config.payerAuthorizer().toArray(),
              config.receiver().toArray(),
              config.receiverAuthorizer().toArray(),
              config.token().toArray(),
              config.withdrawDelaySeconds(),
              config.salt().toArray(),
              PayingChannel.BALANCE.units(),
              PayingChannel.BALANCE.units())
          .update();
      channels.add(channel);
    }
    return channels;
  }

  /// One transaction. A refusal would be a faster answer than the one that is measured.
  List<PaymentOutcome> pay(List<PaymentCommand> commands) {
    var outcomes = service.getBean(Payments.class).accept(commands);
    for (var outcome : outcomes) {
      if (!(outcome instanceof Taken)) throw new IllegalStateException("refused: " + outcome);
    }
    return outcomes;
  }

  private JdbcClient jdbc() {
    return service.getBean(JdbcClient.class);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(DATABASE), postgres.user(), "");
  }

  @Override
  public void close() {
    running = null;
    service.close();
    postgres.killImmediately(); // Nobody will read its data again.
    postgres.close();
  }
}
