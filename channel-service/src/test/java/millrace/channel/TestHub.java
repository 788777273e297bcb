package millrace.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import millrace.channel.chain.Reported;
import millrace.channel.ledger.LedgerCheck;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Capture;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentCommand.Hold;
import millrace.messaging.command.PaymentCommand.Release;
import millrace.messaging.command.PaymentCommand.Reserve;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.HeadSeen;
import millrace.messaging.event.Event;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import tools.jackson.core.type.TypeReference;

/// Replicas of the service on one database, spoken to as the gateway does.
public final class TestHub implements AutoCloseable {
  private static final AtomicLong IDS = new AtomicLong();
  private static final TypeReference<List<PaymentOutcome>> OUTCOMES = new TypeReference<>() {};

  private final List<ConfigurableApplicationContext> replicas = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  private TestHub() {}

  /// Two replicas that no events reach but the test's own. Shared by the tests of the JVM.
  public static TestHub shared() {
    return Shared.HUB;
  }

  /// @param more properties on top of the tests' usual ones
  public static TestHub start(TestDatabase database, int replicas, Map<String, Object> more) {
    var hub = new TestHub();
    for (int i = 0; i < replicas; i++) {
      var properties = new HashMap<String, Object>(properties(database));
      properties.putAll(more);
      hub.replicas.add(ChannelService.start(properties));
    }
    return hub;
  }

  private static Map<String, Object> properties(TestDatabase database) {
    return Map.ofEntries(
        Map.entry("server.port", 0),
        Map.entry("spring.datasource.url", database.jdbcUrl()),
        Map.entry("spring.datasource.username", database.user()),
        Map.entry("spring.datasource.password", database.password()),
        Map.entry("spring.kafka.bootstrap-servers", TestKafka.bootstrapServers()),
        Map.entry("spring.kafka.consumer.group-id", TestKafka.uniqueName("channel-service")),
        Map.entry("millrace.hub.vault", "0x00000000000000000000000000000000000000aa"),
        Map.entry("millrace.hub.token.address", "0x00000000000000000000000000000000000000bb"),
        Map.entry("millrace.channel.refund.minimum", "10"),
        Map.entry("millrace.channel.refund.idle", "0s"),
        Map.entry("millrace.channel.refund.interval", "0s"));
  }

  public TestHub deaf() {
    replicas.forEach(replica -> replica.getBean(KafkaListenerEndpointRegistry.class).stop());
    return this;
  }

  public ConfigurableApplicationContext replica(int number) {
    return replicas.get(number % replicas.size());
  }

  public HubTerms terms() {
    return replica(0).getBean(HubTerms.class);
  }

  public JdbcClient sql() {
    return replica(0).getBean(JdbcClient.class);
  }

  public LedgerCheck ledger() {
    return replica(0).getBean(LedgerCheck.class);
  }

  public void report(Event... events) {
    Reported.to(replica(0), events);
  }

  public void headSeen(Instant at) {
    report(new HeadSeen(1, Bytes32.ZERO, 1, at));
  }

  /// A channel in which a final block has shown this balance.
  public TestChannel open(long balance) {
    var channel = TestChannel.of(terms());
    report(new ChannelStateSeen(channel.id(), state(10, balance, 0)));
    return channel;
  }

  public static ChainState state(long block, long balance, long claimed) {
    return new ChainState(
        block, Amount.of(balance), Amount.of(claimed), BigInteger.ZERO, Optional.empty());
  }

  public static ChainState state(
      long block, long balance, long claimed, PendingWithdrawal withdrawal) {
    return new ChainState(
        block, Amount.of(balance), Amount.of(claimed), BigInteger.ZERO, Optional.of(withdrawal));
  }

  public static MerchantId merchant() {
    return new MerchantId("mer_" + id());
  }

  public static String id() {
    return "%026d".formatted(IDS.incrementAndGet());
  }

  public static PaymentRequest request(
      TestChannel channel, MerchantId merchant, long ceiling, long price) {
    var id = id();
    return new PaymentRequest(
        new PaymentId("pay_" + id),
        merchant,
        channel.config(),
        channel.voucher(ceiling),
        Amount.of(price),
        "key-" + id,
        "print-" + id,
        "/quote");
  }

  public static PaymentRequest again(PaymentRequest request, String fingerprint) {
    return new PaymentRequest(
        new PaymentId("pay_" + id()),
        request.merchantId(),
        request.config(),
        request.voucher(),
        request.price(),
        request.idempotencyKey(),
        fingerprint,
        request.resource());
  }

  public PaymentOutcome charge(PaymentRequest request) {
    return pay(0, new Charge(request)).getFirst();
  }

  public PaymentOutcome reserve(PaymentRequest request, Instant expiresAt) {
    return pay(0, new Reserve(request, expiresAt)).getFirst();
  }

  public PaymentOutcome hold(PaymentRequest request, Instant expiresAt) {
    return pay(0, new Hold(request, expiresAt)).getFirst();
  }

  /// @param captured 0 cancels
  public HoldEndOutcome endHold(PaymentRequest request, long captured) {
    return endHold(request, captured, "end-" + id());
  }

  public HoldEndOutcome endHold(PaymentRequest request, long captured, String key) {
    var command =
        new HoldEndCommand(
            request.id(), request.merchantId(), Amount.of(captured), key, "capture " + captured);
    return post("/internal/holds", command, HoldEndOutcome.class);
  }

  public PaymentOutcome capture(PaymentRequest request, long amount) {
    var id = request.voucher().voucher().channelId();
    return pay(0, new Capture(request.id(), id, Amount.of(amount))).getFirst();
  }

  public PaymentOutcome release(PaymentRequest request) {
    return pay(0, new Release(request.id(), request.voucher().voucher().channelId())).getFirst();
  }

  public List<PaymentOutcome> pay(int replica, PaymentCommand... commands) {
    var body =
        MessagingJson.mapper()
            .writerFor(new TypeReference<List<PaymentCommand>>() {})
            .writeValueAsString(List.of(commands));
    var response = send(replica, "/internal/payments", body);
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    return MessagingJson.mapper().readValue(response.body(), OUTCOMES);
  }

  public <T> T post(String path, Object command, Class<T> outcome) {
    return post(0, path, command, outcome);
  }

  public <T> T post(int replica, String path, Object command, Class<T> outcome) {
    var response = send(replica, path, MessagingJson.mapper().writeValueAsString(command));
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    return MessagingJson.mapper().readValue(response.body(), outcome);
  }

  private HttpResponse<String> send(int replica, String path, String json) {
    return untilAnswered(() -> post(replica, path, json));
  }

  /// Asks again after a 503, as the gateway does: a hundred callers at once may find no connection
  /// to the database in time.
  private static HttpResponse<String> untilAnswered(Supplier<HttpResponse<String>> call) {
    var response = call.get();
    for (int retry = 0; response.statusCode() == 503 && retry < 20; retry++) response = call.get();
    return response;
  }

  public HttpResponse<String> post(int replica, String path, String json) {
    return send(
        HttpRequest.newBuilder(uri(replica, path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(0, path)).GET());
  }

  public <T> T get(String path, Class<T> type) {
    var response = untilAnswered(() -> get(path));
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    return MessagingJson.mapper().readValue(response.body(), type);
  }

  public ChannelView channel(ChannelId id) {
    return get("/internal/channels/" + id, ChannelView.class);
  }

  private URI uri(int replica, String path) {
    var port = replica(replica).getEnvironment().getProperty("local.server.port");
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    replicas.forEach(ConfigurableApplicationContext::close);
    http.close();
  }

  private static final class Shared {
    static final TestHub HUB = start();

    private static TestHub start() {
      var hub = TestHub.start(TestPostgres.freshDatabase(), 2, Map.of()).deaf();
      hub.headSeen(Instant.now().plusSeconds(600));
      return hub;
    }
  }
}
