package millrace.acceptance;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.channel.ChannelService;
import millrace.gateway.GatewayService;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.HeadSeen;
import millrace.messaging.event.Event;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.ChainState;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The gateway and channel-service as they are, on real databases. The chain is told of, not run:
/// no payment of a voucher asks it.
final class GoldenHub implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();
  private static final String OPERATOR_KEY = "operator-key-of-the-golden-tests";

  private final ConfigurableApplicationContext channelService;
  private final ConfigurableApplicationContext gateway;
  private final HttpClient http = HttpClient.newHttpClient();

  /// One lane and small batches: what comes at once must share calls, and a batch needs several.
  GoldenHub() {
    channelService = ChannelService.start(properties(TestPostgres.freshDatabase(), Map.of()));
    gateway =
        GatewayService.start(
            properties(
                TestPostgres.freshDatabase(),
                Map.of(
                    "management.server.port",
                    0,
                    "millrace.gateway.operator-key",
                    OPERATOR_KEY,
                    "millrace.gateway.consumer-group",
                    TestKafka.uniqueName("golden"),
                    "millrace.gateway.channel-service.url",
                    url(channelService, ""),
                    "millrace.gateway.channel-service.lanes",
                    1,
                    "millrace.gateway.channel-service.batch-size",
                    16,
                    // Nobody is sent away, however slow the machine is: a 503 is another answer.
                    "millrace.gateway.channel-service.max-wait",
                    "60s",
                    "millrace.gateway.channel-service.call-timeout",
                    "60s",
                    "millrace.gateway.channel-service.patience",
                    "90s")));
    publish("head", new HeadSeen(1, Bytes32.ZERO, 1, Instant.now().plusSeconds(600)));
  }

  private static Map<String, Object> properties(TestDatabase database, Map<String, Object> more) {
    var properties = new HashMap<String, Object>(more);
    properties.put("server.port", 0);
    properties.put("spring.datasource.url", database.jdbcUrl());
    properties.put("spring.datasource.username", database.user());
    properties.put("spring.datasource.password", database.password());
    properties.put("spring.kafka.bootstrap-servers", TestKafka.bootstrapServers());
    properties.put("spring.kafka.consumer.group-id", TestKafka.uniqueName("golden"));
    properties.put("millrace.hub.vault", "0x00000000000000000000000000000000000000aa");
    properties.put("millrace.hub.token.address", "0x00000000000000000000000000000000000000bb");
    return properties;
  }

  /// As settlement would, through channel-service's own outbox and Kafka.
  private void publish(String key, Event event) {
    var outbox = channelService.getBean(Outbox.class);
    new TransactionTemplate(channelService.getBean(PlatformTransactionManager.class))
        .executeWithoutResult(_ -> outbox.append(key, event));
  }

  void funded(ChannelId channel, Amount balance) {
    var state = new ChainState(10, balance, Amount.ZERO, BigInteger.ZERO, Optional.empty());
    publish(channel.toString(), new ChannelStateSeen(channel, state));
  }

  /// Waits until channel-service has heard of all of it. Until their first payment it knows no more
  /// of channels than that.
  void awaitHeard(List<ChannelId> channels) throws InterruptedException {
    var database = channelService.getBean(JdbcClient.class);
    Eventually.holds(
        "channel-service hears of the deposits",
        Duration.ofSeconds(60),
        () ->
            channels.stream()
                .allMatch(
                    channel ->
                        database
                                .sql("SELECT 1 FROM unknown_channel WHERE channel_id = ?")
                                .param(channel.toArray())
                                .query()
                                .listOfRows()
                                .size()
                            == 1));
  }

  Optional<JsonNode> channel(ChannelId id) throws IOException, InterruptedException {
    var uri = URI.create(url(channelService, "/internal/channels/" + id));
    var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    return answer.statusCode() == 200
        ? Optional.of(JSON.readTree(answer.body()))
        : Optional.empty();
  }

  /// The most commands that have shared a call.
  double largestCall() {
    return gateway.getBean(MeterRegistry.class).get("millrace.gateway.batch.size").summary().max();
  }

  /// The key of a new merchant.
  String merchant() throws IOException, InterruptedException {
    var body = "{\"name\":\"golden\",\"payout_address\":\"0x%s\"}".formatted("1".repeat(40));
    var made = post("/v1/merchants", OPERATOR_KEY, "application/json", body, Optional.empty());
    return JSON.readTree(made.body()).get("api_key").get("secret").stringValue();
  }

  HttpResponse<String> post(
      String path, String key, String mediaType, String body, Optional<String> idempotencyKey)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url(gateway, path)))
            .timeout(Duration.ofSeconds(100))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", mediaType)
            .POST(BodyPublishers.ofString(body));
    idempotencyKey.ifPresent(name -> request.header("Idempotency-Key", name));
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String url(ConfigurableApplicationContext service, String path) {
    return "http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port") + path;
  }

  @Override
  public void close() {
    gateway.close();
    channelService.close();
    http.close();
  }
}
