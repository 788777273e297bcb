package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.embedded.FreePort;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.EventCodec;
import millrace.messaging.Topics;
import millrace.messaging.UndecodableException;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.Event;
import millrace.messaging.event.GuardEvent;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service with real neighbours: it is told what channel-service would tell, and everything it
/// publishes is heard.
final class Rig implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DevChain chain;
  private final TestDatabase database = TestPostgres.freshDatabase();
  private final Map<String, Object> properties = new HashMap<>();
  private final EventCodec codec = new EventCodec();
  private final KafkaProducer<String, byte[]> producer;
  private final List<Event> heard = new CopyOnWriteArrayList<>();
  private final Thread ear;
  private final JdbcClient jdbc;
  private final boolean inProcess;
  private volatile boolean closed;
  private volatile @Nullable Exception deaf;
  private @Nullable ConfigurableApplicationContext context;
  private @Nullable ServiceProcess process;

  Rig(DevChain chain, Map<String, Object> changes) {
    this(chain, changes, false);
  }

  /// @param inProcess whether the service has a JVM of its own, so that it can be killed
  Rig(DevChain chain, Map<String, Object> changes, boolean inProcess) {
    this.chain = chain;
    this.inProcess = inProcess;
    this.jdbc =
        JdbcClient.create(
            new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password()));
    var kafka = TestKafka.bootstrapServers();
    for (var topic : Topics.ALL) TestKafka.createTopicIfMissing(topic, 2);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka, "linger.ms", 0),
            new StringSerializer(),
            new ByteArraySerializer());
    properties.put("server.port", inProcess ? FreePort.any() : 0);
    properties.put("spring.datasource.url", database.jdbcUrl());
    properties.put("spring.datasource.username", database.user());
    properties.put("spring.datasource.password", database.password());
    properties.put("spring.kafka.bootstrap-servers", kafka);
    properties.put("millrace.hub.vault", chain.deployment().vault());
    properties.put("millrace.hub.token.address", chain.deployment().token());
    properties.put("millrace.chain.rpc-urls", chain.rpcUrl());
    properties.put("millrace.chain.confirmations", 1);
    properties.put("millrace.chain.poll-interval", "100ms");
    properties.put("millrace.chain.resend-after", "1s");
    properties.put("millrace.settlement.key", DevAccount.SETTLEMENT.privateKey());
    properties.put("millrace.settlement.claim.threshold", "10000");
    properties.put("millrace.settlement.claim.retry-after", "1h");
    properties.putAll(changes);
    ear = Thread.ofVirtual().start(this::listen);
    start();
  }

  void start() {
    if (!inProcess) {
      context = SettlementService.start(properties);
      return;
    }
    var started = ServiceProcess.start(properties);
    process = started;
    Awaitility.await("the service is ready")
        .atMost(PATIENCE.multipliedBy(2))
        .failFast(
            () ->
                assertThat(started.isAlive())
                    .as(() -> "the service runs; it says: " + started.lastWords())
                    .isTrue())
        .ignoreExceptions()
        .until(() -> health("readiness").equals("UP"));
  }

  void stop() {
    if (context != null) context.close();
    context = null;
    kill();
  }

  /// At once, whatever it is at.
  void kill() {
    if (process != null) process.kill();
    process = null;
  }

  /// Once more, with other properties.
  void restart(Map<String, Object> changes) {
    stop();
    properties.putAll(changes);
    start();
  }

  DevChain chain() {
    return chain;
  }

  <T> T bean(Class<T> type) {
    return running().getBean(type);
  }

  /// Of the service's database, whether it runs or not.
  JdbcClient jdbc() {
    return jdbc;
  }

  void publish(ChannelEvent event) {
    var key =
        switch (event) {
          case ChannelEvent.PayoutRequested payout -> payout.merchantId().value();
          case ChannelEvent.PayoutCancelRequested asked -> asked.merchantId().value();
          case ChannelEvent.GiveBackRequested refund -> refund.channelId().toString();
          case ChannelEvent.GiveBackFailed refund -> refund.channelId().toString();
          case ChannelEvent.DepositAuthorized deposit -> deposit.channelId().toString();
          case ChannelEvent.Claimable claimable -> claimable.channelId().toString();
          case ChannelEvent.RefundAuthorized refund -> refund.channelId().toString();
          case ChannelEvent.MerchantEarned earned -> earned.merchantId().value();
          case ChannelEvent.ChannelOverclaimed overclaimed -> overclaimed.channelId().toString();
          default -> throw new IllegalArgumentException(event.toString());
        };
    publish(key, event);
  }

  void publish(GuardEvent.WithdrawalAnswered event) {
    publish(event.channelId().toString(), event);
  }

  private void publish(String key, Event event) {
    var topic = Topics.of(event);
    var headers = new RecordHeaders();
    new CloudEventHeaders(UUID.randomUUID(), codec.typeOf(event), Instant.now())
        .writeTo(headers, topic);
    var sent =
        producer.send(
            new ProducerRecord<>(
                topic,
                null,
                key,
                codec.encode(event).getBytes(java.nio.charset.StandardCharsets.UTF_8),
                headers));
    producer.flush();
    if (!sent.isDone()) throw new IllegalStateException("not published: " + event);
  }

  <T extends Event> T await(Class<T> type, Predicate<T> condition) {
    Awaitility.await("a " + type.getSimpleName())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> heard(type).stream().anyMatch(condition));
    return heard(type).stream().filter(condition).findFirst().orElseThrow();
  }

  void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
  }

  <T extends Event> List<T> heard(Class<T> type) {
    // Else a test would wait for what cannot come any more, and not say why.
    if (deaf != null) throw new IllegalStateException("nobody listens any more", deaf);
    return heard.stream().filter(type::isInstance).map(type::cast).toList();
  }

  JsonNode get(String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).build();
    try (var http = HttpClient.newHttpClient()) {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      return JsonMapper.shared().readTree(response.body());
    }
  }

  /// Of a group of health indicators: UP or DOWN.
  String health(String group) throws Exception {
    return JsonMapper.shared().readTree(healthOf(group)).path("status").asString();
  }

  /// Of one health indicator or a group of them, whatever their state.
  String healthOf(String group) throws Exception {
    var address = "http://127.0.0.1:%s/actuator/health/%s".formatted(port(), group);
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(address)).build();
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.body();
    }
  }

  /// A transaction of somebody else, in a block of its own.
  Bytes32 send(Address from, Address to, millrace.chain.rpc.Bytes data) {
    chain.rpc("anvil_impersonateAccount", from.toString());
    var transaction = Map.of("from", from.toString(), "to", to.toString(), "data", data.toString());
    var hash = chain.rpc("eth_sendTransaction", transaction).asString();
    await("the receipt of " + hash, () -> chain.rpc("eth_getTransactionReceipt", hash).isObject());
    assertThat(chain.rpc("eth_getTransactionReceipt", hash).path("status").asString())
        .isEqualTo("0x1");
    return Bytes32.of(hash);
  }

  private String port() {
    return inProcess
        ? String.valueOf(properties.get("server.port"))
        : running().getEnvironment().getRequiredProperty("local.server.port");
  }

  private ConfigurableApplicationContext running() {
    if (context == null) throw new IllegalStateException("the service is stopped");
    return context;
  }

  private void listen() {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers",
            TestKafka.bootstrapServers(),
            "group.id",
            TestKafka.uniqueName("ear"),
            "auto.offset.reset",
            "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Topics.CHAIN, Topics.SETTLEMENT));
      while (!closed) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          heard.add(codec.decode(CloudEventHeaders.of(record.headers()).type(), record.value()));
        }
      }
    } catch (UndecodableException | RuntimeException e) {
      deaf = e;
    }
  }

  @Override
  public void close() {
    stop();
    closed = true;
    producer.close();
    try {
      ear.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
