package millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two gateways in processes of their own are killed again and again while they tell a merchant of
/// its payments. Nothing may be missing, and within a channel nothing out of order.
class WebhookKillIT {
  private static final boolean LONG = Boolean.getBoolean("millrace.long");
  private static final int CHANNELS = LONG ? 100 : 20;
  private static final int PER_CHANNEL = LONG ? 100 : 50;
  private static final int KILLS = LONG ? 12 : 3;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, Receipts> channels = new ConcurrentHashMap<>();
  private final AtomicInteger repeats = new AtomicInteger();
  private final long seed =
      Long.getLong("millrace.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  @TempDir private Path folder;

  @Test
  void nothingIsMissingAndNothingOutOfOrderHoweverOftenGatewaysAreKilled() throws Exception {
    var random = new Random(seed);
    try (var hub = new StubHub(GatewayFixture.TERMS);
        var receiver = new Upstream();
        var events = new TestEvents()) {
      receiver.handler = (exchange, request) -> Upstream.answer(exchange, take(request), "");
      var settings = new HashMap<>(GatewayFixture.properties(TestPostgres.freshDatabase(), hub));
      settings.put("millrace.gateway.webhooks.retry-delays", "100ms,".repeat(40) + "100ms");
      settings.put("millrace.gateway.webhooks.timeout", "3s");
      settings.put("millrace.gateway.webhooks.lease", "1s");
      var gateways = new ArrayList<GatewayProcess>();
      try {
        for (int i = 0; i < 2; i++) gateways.add(start(settings));
        for (var gateway : gateways) gateway.awaitReady();
        var merchant = merchant(gateways.getFirst(), receiver.url());
        var publishing = Thread.ofVirtual().start(() -> publish(events, merchant));
        for (int kill = 0; kill < KILLS; kill++) {
          int expected = CHANNELS * PER_CHANNEL * (kill + 1) / (KILLS + 2);
          await("%d messages".formatted(expected))
              .atMost(Duration.ofMinutes(3))
              .failFast(() -> gateways.forEach(GatewayProcess::mustRun))
              .until(() -> taken() >= expected);
          int victim = random.nextInt(2);
          gateways.get(victim).kill();
          gateways.set(victim, start(settings));
        }
        publishing.join();
        await("all messages")
            .atMost(Duration.ofMinutes(LONG ? 15 : 5))
            .failFast(() -> gateways.forEach(GatewayProcess::mustRun))
            .until(() -> taken() == CHANNELS * PER_CHANNEL);
      } finally {
        gateways.forEach(GatewayProcess::close);
      }
    }
    assertThat(channels).as("seed %d", seed).hasSize(CHANNELS);
    assertThat(channels.values())
        .as("seed %d", seed)
        .allSatisfy(
            receipts -> {
              assertThat(receipts.faults).isEmpty();
              assertThat(receipts.order)
                  .containsExactlyElementsOf(
                      IntStream.rangeClosed(1, PER_CHANNEL).boxed().toList());
            });
    System.out.println(taken() + " messages, " + repeats + " repeats, seed " + seed);
  }

  private GatewayProcess start(Map<String, Object> settings) throws IOException {
    return new GatewayProcess(settings, folder.resolve("gateway.log"));
  }

  /// Now and then an endpoint does not want to.
  private int take(Upstream.Request request) {
    var body = JSON.readTree(request.body());
    var data = body.get("data");
    var receipts =
        channels.computeIfAbsent(
            data.get("channel").stringValue(), _ -> new Receipts(seed + channels.size()));
    return receipts.take(request, Integer.parseInt(data.get("amount").stringValue()));
  }

  private int taken() {
    return channels.values().stream().mapToInt(Receipts::count).sum();
  }

  private void publish(TestEvents events, String merchant) {
    var payers = IntStream.range(0, CHANNELS).mapToObj(_ -> Payer.fresh()).toList();
    for (int number = 1; number <= PER_CHANNEL; number++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        events.publish(paid(payers.get(channel), channel, number, merchant));
      }
    }
  }

  private static PaymentAccepted paid(Payer payer, int channel, int number, String merchant) {
    var amount = Amount.of(number);
    return new PaymentAccepted(
        new PaymentId("pay_%020d%06d".formatted(channel, number)),
        payer.channelId(),
        payer.channel(),
        new MerchantId(merchant),
        amount,
        amount,
        payer.keys().voucher(Payer.offer(number), payer.channel(), amount).voucher(),
        number,
        "http://shop.example/7",
        Instant.now());
  }

  private static String merchant(GatewayProcess gateway, String receiver) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var made =
          post(
              http,
              gateway,
              "/v1/merchants",
              GatewayFixture.OPERATOR_KEY,
              "{\"name\":\"Shop\",\"payout_address\":\"0x" + "1".repeat(40) + "\"}");
      post(
          http,
          gateway,
          "/v1/webhook_endpoints",
          made.get("api_key").get("secret").stringValue(),
          "{\"url\":\"" + receiver + "/hook\",\"events\":[\"payment.succeeded\"]}");
      return made.get("merchant").get("id").stringValue();
    }
  }

  private static JsonNode post(
      HttpClient http, GatewayProcess gateway, String path, String key, String body)
      throws Exception {
    var request =
        HttpRequest.newBuilder(gateway.url().resolve(path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body());
  }

  /// What the receiver took of one channel: a new message must be the one after the last new one.
  private final class Receipts {
    private final Random moods;
    private final List<Integer> order = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<Integer, String> bodies = new HashMap<>();

    Receipts(long seed) {
      moods = new Random(seed);
    }

    synchronized int take(Upstream.Request request, int number) {
      var known = bodies.get(number);
      var content = request.headers().getFirst("webhook-id") + request.body();
      if (known != null) {
        repeats.incrementAndGet();
        if (!known.equals(content)) faults.add("another body of " + number);
        return 204;
      }
      if (number % 17 == 0 && moods.nextBoolean()) return 500;
      if (number != order.size() + 1) faults.add(number + " after " + order.size());
      order.add(number);
      bodies.put(number, content);
      return 204;
    }

    synchronized int count() {
      return order.size();
    }
  }
}
