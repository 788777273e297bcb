package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.gateway.GatewayFixture.Account;
import millrace.gateway.Upstream.Request;
import millrace.gateway.webhook.EventSchemas;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.event.ChannelEvent.ChannelOpened;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.x402.ChannelPayload;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// From events on Kafka to a merchant's server, and into the lists of the API.
class WebhookIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A gateway reads what other tests have published before, and their payments are not these.
  private static final long RUN = new Random().nextLong(1_000_000_000_000L);

  private static final AtomicInteger PAYMENTS = new AtomicInteger();
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static TestEvents events;

  private final Payer payer = Payer.fresh();
  private Account merchant;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, settings());
    events = new TestEvents();
  }

  private static Map<String, Object> settings() {
    return Map.of(
        "millrace.gateway.webhooks.retry-delays", "200ms,300ms,400ms",
        // Long, so that a busy machine is not taken for a silent server or a dead sender, and told
        // the same twice.
        "millrace.gateway.webhooks.timeout", "20s",
        "millrace.gateway.webhooks.lease", "20s",
        "millrace.gateway.webhooks.poll", "50ms");
  }

  @AfterAll
  static void stop() {
    events.close();
    gateway.close();
  }

  @BeforeEach
  void newMerchant() {
    gateway.upstream.reset();
    merchant = gateway.merchant();
  }

  @Test
  void aPaymentIsToldInOrderAndSigned() throws WebhookVerificationException {
    var secret = endpoint("channel.opened", "payment.succeeded");
    events.publish(opened());
    var first = paid(10);
    var second = paid(20);
    events.publish(first);
    events.publish(second);

    var told = told(3);

    assertThat(told.stream().map(WebhookIT::type))
        .containsExactly("channel.opened", "payment.succeeded", "payment.succeeded");
    assertThat(told.stream().skip(1).map(request -> data(request, "id")))
        .containsExactly(first.paymentId().value(), second.paymentId().value());
    for (var request : told) {
      new Webhook(secret).verify(request.body(), lowerCase(request.headers()));
      assertThat(request.headers().getFirst("webhook-id"))
          .isEqualTo(body(request).get("id").stringValue());
    }
  }

  @Test
  void theSameEventTwiceIsOneMessage() {
    endpoint("payment.succeeded");
    var event = new ReceivedEvent(UUID.randomUUID(), Instant.now(), "", paid(10));
    events.publish(event);
    events.publish(event);
    events.publish(paid(20));

    told(2);
    sleep(500);
    assertThat(mine()).hasSize(2);
  }

  @Test
  void aFailedMessageIsSentAgainWithTheSameIdAndLaterOnesOfTheChannelWait() {
    endpoint("payment.succeeded");
    var failures = new AtomicInteger();
    gateway.upstream.handler =
        (exchange, request) ->
            Upstream.answer(
                exchange,
                data(request, "amount").equals("10") && failures.incrementAndGet() <= 2 ? 500 : 204,
                "");
    events.publish(paid(10));
    events.publish(paid(20));

    var told = told(4);

    assertThat(told.stream().map(request -> data(request, "amount")))
        .containsExactly("10", "10", "10", "20");
    assertThat(told.stream().limit(3).map(request -> request.headers().getFirst("webhook-id")))
        .containsOnly(told.getFirst().headers().getFirst("webhook-id"));
    assertThat(told.stream().limit(3).map(Request::body)).containsOnly(told.getFirst().body());
  }

  @Test
  void aBlockedChannelHoldsUpNoOther() {
    endpoint("payment.succeeded");
    gateway.upstream.handler =
        (exchange, request) ->
            Upstream.answer(exchange, data(request, "amount").equals("10") ? 500 : 204, "");
    events.publish(paid(10));
    events.publish(paid(Payer.fresh(), 30));

    await()
        .atMost(PATIENCE)
        .until(() -> mine().stream().anyMatch(request -> data(request, "amount").equals("30")));
  }

  @Test
  void aMessageIsGivenUpAfterItsLastAttempt() {
    endpoint("payment.succeeded");
    gateway.upstream.handler = (exchange, _) -> Upstream.answer(exchange, 500, "");
    events.publish(paid(10));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              var delivery = deliveries().get(0);
              assertThat(delivery.get("status").stringValue()).isEqualTo("failed");
              assertThat(delivery.get("attempts").intValue()).isEqualTo(4);
              assertThat(delivery.get("last_status").intValue()).isEqualTo(500);
            });
  }

  @Test
  void anEndpointThatIsGoneIsDisabled() {
    endpoint("payment.succeeded");
    gateway.upstream.handler = (exchange, _) -> Upstream.answer(exchange, 410, "");
    events.publish(paid(10));
    await().atMost(PATIENCE).until(() -> shown().get("status").stringValue().equals("disabled"));
    events.publish(paid(20));
    sleep(1_000);
    assertThat(mine()).hasSize(1);
  }

  @Test
  void aRedirectIsAFailure() {
    endpoint("payment.succeeded");
    gateway.upstream.handler =
        (exchange, _) -> {
          exchange.getResponseHeaders().add("Location", gateway.upstream.url() + "/elsewhere");
          Upstream.answer(exchange, 302, "");
        };
    events.publish(paid(10));
    told(2);
    assertThat(gateway.upstream.requests).noneMatch(request -> request.uri().equals("/elsewhere"));
  }

  @Test
  void aPayoutIsToldToItsMerchantOnly() {
    endpoint("payout.paid");
    var stranger = merchant;
    merchant = gateway.merchant();
    endpoint("payout.paid");
    events.publish(
        new PayoutConfirmed(
            new PayoutId("po_" + "0".repeat(26)),
            new MerchantId(merchant.id()),
            GatewayFixture.TERMS.vault(),
            GatewayFixture.TERMS.token().address(),
            Amount.of(5),
            Bytes32.ZERO));

    told(1);
    sleep(300);
    assertThat(gateway.upstream.requests)
        .noneMatch(request -> request.uri().equals("/hook/" + stranger.id()));
  }

  @Test
  void aSenderThatDiedIsReplacedAndTheMessageIsTheSame() throws Exception {
    endpoint("payment.succeeded");
    gateway.upstream.handler = (exchange, _) -> Upstream.answer(exchange, 500, "");
    events.publish(paid(10));
    var first = told(1).getFirst();
    // As a killed sender leaves it: taken, and never heard of again.
    try (var connection = database.connect();
        var statement =
            connection.prepareStatement(
                "UPDATE webhook_lane SET token = nextval('webhook_token'),"
                    + " due_at = now() + interval '1 second' WHERE subject = ?")) {
      statement.setString(1, payer.channelId().toString());
      statement.executeUpdate();
    }
    gateway.upstream.reset();

    var again = told(1).getFirst();

    assertThat(again.headers().getFirst("webhook-id"))
        .isEqualTo(first.headers().getFirst("webhook-id"));
    assertThat(again.body()).isEqualTo(first.body());
  }

  @Test
  void aTestMessageCanBeAskedFor() throws WebhookVerificationException {
    var secret = endpoint("payment.succeeded");
    var id = shown().get("id").stringValue();
    var asked = gateway.post(merchant, "/v1/webhook_endpoints/" + id + "/test", "");
    assertThat(asked.statusCode()).isEqualTo(202);
    var request = told(1).getFirst();
    assertThat(type(request)).isEqualTo("endpoint.test");
    new Webhook(secret).verify(request.body(), lowerCase(request.headers()));
  }

  @Test
  void anEndpointInsideOrWithoutTlsIsRefused() {
    for (var url :
        List.of("http://169.254.169.254/", "https://10.0.0.1/", "http://93.184.216.34/hook")) {
      var answer =
          gateway.post(
              merchant,
              "/v1/webhook_endpoints",
              "{\"url\":\"" + url + "\",\"events\":[\"payment.succeeded\"]}");
      assertThat(answer.statusCode()).as(url).isEqualTo(422);
      assertThat(code(answer)).isEqualTo("address-not-allowed");
    }
  }

  @Test
  void chargedPaymentsAreListed() {
    var first = paid(10);
    var second = paid(20);
    events.publish(first);
    events.publish(second);
    events.publish(paid(Payer.fresh(), 30));
    await()
        .atMost(PATIENCE)
        .until(() -> json(gateway.get(merchant, "/v1/payments")).get("data").size() == 3);
    var ofChannel =
        json(gateway.get(merchant, "/v1/payments?status=succeeded&channel=" + payer.channelId()));
    assertThat(ofChannel.get("data").size()).isEqualTo(2);
    var one = json(gateway.get(merchant, "/v1/payments/" + first.paymentId()));
    assertThat(one.get("payer").stringValue()).isEqualTo(payer.channel().payer().toString());
    assertThat(one.get("amount").stringValue()).isEqualTo("10");
  }

  private String endpoint(String... types) {
    var made =
        gateway.post(
            merchant,
            "/v1/webhook_endpoints",
            "{\"url\":\"%s/hook/%s\",\"events\":[\"%s\"]}"
                .formatted(gateway.upstream.url(), merchant.id(), String.join("\",\"", types)));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return json(made).get("secret").stringValue();
  }

  private List<Request> told(int count) {
    await().atMost(PATIENCE).until(() -> mine().size() >= count);
    return mine();
  }

  /// Whatever is sent keeps to its schema.
  private List<Request> mine() {
    var mine =
        gateway.upstream.requests.stream()
            .filter(request -> request.uri().equals("/hook/" + merchant.id()))
            .toList();
    assertThat(mine).allSatisfy(it -> assertThat(EventSchemas.faults(it.body())).isEmpty());
    return mine;
  }

  private JsonNode shown() {
    return json(gateway.get(merchant, "/v1/webhook_endpoints")).get("data").get(0);
  }

  private JsonNode deliveries() {
    var id = shown().get("id").stringValue();
    return json(gateway.get(merchant, "/v1/webhook_endpoints/" + id + "/deliveries")).get("data");
  }

  private static JsonNode body(Request request) {
    return GatewayFixture.JSON.readTree(request.body());
  }

  private static String type(Request request) {
    return body(request).get("type").stringValue();
  }

  private static String data(Request request, String field) {
    return body(request).get("data").get(field).stringValue();
  }

  private static Map<String, List<String>> lowerCase(Headers headers) {
    var lower = new HashMap<String, List<String>>();
    headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
    return lower;
  }

  private ChannelOpened opened() {
    return new ChannelOpened(payer.channelId(), payer.channel(), Amount.of(1_000), Instant.now());
  }

  private PaymentAccepted paid(long amount) {
    return paid(payer, amount);
  }

  private PaymentAccepted paid(Payer who, long amount) {
    ChannelPayload payload =
        who.keys().voucher(Payer.offer(amount), who.channel(), Amount.of(amount));
    int number = PAYMENTS.incrementAndGet();
    return new PaymentAccepted(
        new PaymentId("pay_%013d%013d".formatted(RUN, number)),
        who.channelId(),
        who.channel(),
        new MerchantId(merchant.id()),
        Amount.of(amount),
        Amount.of(amount),
        payload.voucher(),
        number,
        "http://shop.example/7",
        Instant.now());
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
