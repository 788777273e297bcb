package millrace.watchtower;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcSettings;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.EventCodec;
import millrace.messaging.MessagingJson;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent.Claimable;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// A running watchtower-service.
record Tower(ConfigurableApplicationContext context) implements AutoCloseable {
  static Tower start(
      DevChain chain, String kafka, TestDatabase database, Map<String, Object> changes) {
    return new Tower(WatchtowerService.start(properties(chain, kafka, database, changes)));
  }

  /// For a tower that is a process of its own.
  static List<String> arguments(
      DevChain chain, String kafka, TestDatabase database, Map<String, Object> changes) {
    return properties(chain, kafka, database, changes).entrySet().stream()
        .map(property -> "--%s=%s".formatted(property.getKey(), property.getValue()))
        .toList();
  }

  private static Map<String, Object> properties(
      DevChain chain, String kafka, TestDatabase database, Map<String, Object> changes) {
    var deployed = chain.deployment();
    var properties = new HashMap<String, Object>();
    properties.put("server.port", 0);
    properties.put("spring.datasource.url", database.jdbcUrl());
    properties.put("spring.datasource.username", database.user());
    properties.put("spring.datasource.password", database.password());
    properties.put("spring.kafka.bootstrap-servers", kafka);
    properties.put("spring.kafka.consumer.group-id", "tower-" + database.name());
    properties.put("millrace.hub.vault", deployed.vault());
    properties.put("millrace.hub.channels", deployed.channels());
    properties.put("millrace.hub.token.address", deployed.token());
    properties.put("millrace.chain.rpc-urls", chain.rpcUrl());
    properties.put("millrace.chain.confirmations", 3);
    properties.put("millrace.chain.poll-interval", "50ms");
    properties.put("millrace.chain.resend-after", "500ms");
    properties.put("millrace.watchtower.key", DevAccount.WATCHTOWER.privateKey());
    properties.put("millrace.watchtower.look-interval", "100ms");
    properties.putAll(changes);
    return properties;
  }

  static void publish(String kafka, List<? extends Claimable> payments) {
    var codec = new EventCodec();
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (var payment : payments) {
        var record =
            new ProducerRecord<>(
                Topics.CHANNELS,
                payment.channelId().toString(),
                codec.encode(payment).getBytes(UTF_8));
        new CloudEventHeaders(UUID.randomUUID(), codec.typeOf(payment), Instant.EPOCH)
            .writeTo(record.headers(), Topics.CHANNELS);
        producer.send(record).get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void publish(Claimable... payments) {
    TestKafka.createTopicIfMissing(Topics.CHANNELS, 6);
    publish(TestKafka.bootstrapServers(), List.of(payments));
  }

  /// The node itself.
  static Rpc rpc(DevChain chain) {
    var chainId = BigInteger.valueOf(chain.deployment().chainId());
    var node = List.of(URI.create(chain.rpcUrl()));
    return new Rpc(new RpcSettings(node, chainId, Duration.ofSeconds(20), 2));
  }

  /// The database of a tower that held the payer's voucher and is down.
  static TestDatabase guarding(DevChain chain, Payer payer) {
    var database = TestPostgres.freshDatabase();
    try (var tower = start(chain, TestKafka.bootstrapServers(), database, Map.of())) {
      tower.hold(payer);
    }
    return database;
  }

  /// The payer is charged 4,000 and the tower has the voucher for it.
  void hold(Payer payer) {
    publish(payer.paid(4_000, 1));
    Awaitility.await().until(() -> guardedSequence(payer) == 1);
  }

  /// The sequence of the voucher held, 0 for none.
  long guardedSequence(Payer payer) {
    return jdbc()
        .sql("SELECT sequence FROM voucher WHERE channel_id = ?")
        .param(payer.channelId().toArray())
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  String verdict(Payer payer) {
    return jdbc()
        .sql("SELECT verdict FROM withdrawal WHERE channel_id = ?")
        .param(payer.channelId().toArray())
        .query(String.class)
        .optional()
        .orElse("none");
  }

  long claims(Payer payer) {
    return jdbc()
        .sql("SELECT count(*) FROM claim_row WHERE channel_id = ?")
        .param(payer.channelId().toArray())
        .query(Long.class)
        .single();
  }

  JdbcClient jdbc() {
    return context.getBean(JdbcClient.class);
  }

  /// What the newest version of the last transaction offers for a unit of gas.
  BigInteger offeredWei() {
    return jdbc()
        .sql(
            """
            SELECT max_fee_wei FROM chain_attempt ORDER BY transaction_id DESC, number DESC LIMIT 1
            """)
        .query(BigDecimal.class)
        .single()
        .toBigIntegerExact();
  }

  /// How many records of its topic it has read.
  long read() {
    return jdbc()
        .sql("SELECT coalesce(sum(next_offset), 0)::bigint FROM topic_position")
        .query(Long.class)
        .single();
  }

  /// How often transactions were signed.
  long attempts() {
    return jdbc().sql("SELECT count(*) FROM chain_attempt").query(Long.class).single();
  }

  /// Of a gauge with one tag.
  double gauge(String name, String tag, String value) {
    return context.getBean(MeterRegistry.class).get(name).tag(tag, value).gauge().value();
  }

  double gauge(String name) {
    return context.getBean(MeterRegistry.class).get(name).gauge().value();
  }

  String get(String path) {
    var port = context.getEnvironment().getProperty("local.server.port");
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode guard() {
    return MessagingJson.mapper().readTree(get("/internal/guard"));
  }

  @Override
  public void close() {
    context.close();
  }
}
