package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.standalone.hub.HubProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// Equal requests, all at once, to two gateways of which one is killed in the middle: one effect,
/// and one answer for everybody who gets one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StormIT {
  private static final int REQUESTS = 200;
  private static final int ANSWERS_BEFORE_THE_KILL = 10;
  private static final Amount PRICE = Amount.of(100);
  private static final String RESOURCE = "http://shop.example/7";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /// What whoever gets no answer is told: come again.
  private static final List<Integer> LATER = List.of(409, 503);

  private final Hub hub;
  private final Upstream upstream = new Upstream();
  private final HubProcess second;
  private final URI secondUrl;

  StormIT() throws Exception {
    hub = Hub.running();
    var another = hub.processes().anotherGateway();
    second = another.process();
    secondUrl = another.url();
  }

  @BeforeAll
  void start() throws InterruptedException {
    second.start();
    second.awaitReady();
  }

  @AfterAll
  void stop() throws InterruptedException {
    second.kill();
    upstream.close();
  }

  /// What the gateway itself makes, in its own transaction.
  @Test
  void aStormOfEqualRoutesMakesOne() throws Exception {
    var merchant = Merchant.at(hub, "Storm");
    var body = "{\"upstream_url\":\"" + upstream.url() + "\",\"price\":\"100\"}";
    var told = storm(merchant, "/v1/routes", body);
    var listed = Rest.json(Rest.get(hub.gateway("/v1/routes"), merchant.authorized()));
    assertThat(listed.path("data").size()).isEqualTo(1);
    assertThat(listed.path("data").path(0).path("id").stringValue()).isEqualTo(told);
  }

  /// Goal: a payer's client that is nervous, behind a merchant's server that is, pays once.
  @Test
  void aStormOfEqualPaymentsChargesOnce() throws Exception {
    var merchant = Merchant.at(hub, "Storm");
    var spender = Spender.at(hub, "storm-payer");
    spender.mustPay(merchant.route(upstream, PRICE));
    var body = payment(merchant, spender, Amount.of(200));
    var told = storm(merchant, "/v1/payments", body);
    assertThat(hub.channel(spender.channel().id()).charged()).isEqualTo(PRICE.plus(PRICE));
    assertThat(merchant.balance().earned()).isEqualTo(PRICE.plus(PRICE));
    Eventually.holds("it is listed", LIMIT, () -> listed(merchant).contains(told));
    assertThat(listed(merchant)).hasSize(2);
  }

  /// A voucher of hers, as her client sends it to the merchant's own server.
  private static String payment(Merchant merchant, Spender spender, Amount ceiling)
      throws Exception {
    var asked = Map.of("amount", PRICE.toString(), "resource", Map.of("url", RESOURCE));
    var made =
        Rest.json(
            Rest.post(
                merchant.hub().gateway("/v1/payment_requirements"),
                merchant.authorized(),
                Rest.JSON.writeValueAsString(asked)));
    var header = made.path("payment_required").stringValue();
    var offer = ((Parsed.Ok<PaymentRequired>) PaymentRequired.ofHeader(header)).value().accepts();
    var channel = spender.channel();
    var payload = PayerKeys.of(spender.key()).voucher(offer.getFirst(), channel.config(), ceiling);
    var signature =
        new PaymentPayload(offer.getFirst(), payload, Optional.empty(), Extensions.NONE).toHeader();
    return Rest.JSON.writeValueAsString(
        Map.of(
            "payment_signature", signature,
            "amount", PRICE.toString(),
            "resource", Map.of("url", RESOURCE)));
  }

  private List<String> listed(Merchant merchant) throws Exception {
    var page = Rest.json(Rest.get(hub.gateway("/v1/payments"), merchant.authorized()));
    return page.path("data").valueStream().map(it -> it.path("id").stringValue()).toList();
  }

  /// What channel-service does, with the key stored where the money moves.
  @Test
  void aStormOfEqualPayoutsPaysOnce() throws Exception {
    var merchant = Merchant.at(hub, "Storm");
    var url = merchant.route(upstream, Amount.of(100));
    var spender = Spender.at(hub, "storm");
    for (int i = 0; i < 3; i++) spender.mustPay(url);
    var told = storm(merchant, "/v1/payouts", "{\"amount\":\"150\"}");
    var listed = Rest.json(Rest.get(hub.gateway("/v1/payouts"), merchant.authorized()));
    assertThat(listed.path("data").size()).isEqualTo(1);
    assertThat(listed.path("data").path(0).path("id").stringValue()).isEqualTo(told);
    assertThat(merchant.balance().available()).isEqualTo(Amount.of(150));
  }

  /// Returns the one id that everybody was told.
  private String storm(Merchant merchant, String path, String body) throws Exception {
    var headers = new HashMap<>(merchant.authorized());
    headers.put("Idempotency-Key", "storm");
    Set<String> ids = ConcurrentHashMap.newKeySet();
    var answers = new AtomicInteger();
    var cutOff = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, REQUESTS)
              .mapToObj(
                  number ->
                      CompletableFuture.runAsync(
                          () -> {
                            var gateway =
                                number % 2 == 0 ? hub.gateway(path) : secondUrl.resolve(path);
                            ask(gateway, headers, body)
                                .ifPresentOrElse(
                                    answer -> {
                                      answers.incrementAndGet();
                                      if (answer.has("id")) ids.add(answer.get("id").stringValue());
                                    },
                                    cutOff::incrementAndGet);
                          },
                          threads))
              .toList();
      Eventually.holds("some are answered", LIMIT, () -> answers.get() >= ANSWERS_BEFORE_THE_KILL);
      second.kill();
      all.forEach(CompletableFuture::join);
    }
    ids.add(answered(hub.gateway(path), headers, body));
    assertThat(ids).as("what %d answers named", answers.get()).hasSize(1);
    Progress.say(
        "storm: %d equal requests to %s, %d answered, %d cut off by the kill, one effect",
        REQUESTS, path, answers.get(), cutOff.get());
    second.start();
    second.awaitReady();
    return ids.iterator().next();
  }

  /// Whoever was told to come again does, until there is an answer.
  private static String answered(URI url, Map<String, String> headers, String body)
      throws InterruptedException {
    var told = new ArrayList<String>();
    Eventually.holds(
        "asking again is answered",
        LIMIT,
        () -> {
          ask(url, headers, body)
              .filter(answer -> answer.has("id"))
              .ifPresent(answer -> told.add(answer.path("id").stringValue()));
          return !told.isEmpty();
        });
    return told.getFirst();
  }

  /// Empty when the gateway died over it.
  private static Optional<JsonNode> ask(URI url, Map<String, String> headers, String body) {
    try {
      var answer = Rest.post(url, headers, body);
      if (answer.statusCode() < 300) return Optional.of(Rest.json(answer));
      assertThat(answer.statusCode()).as(answer.body()).isIn(LATER);
      return Optional.of(Rest.JSON.createObjectNode());
    } catch (IOException died) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
