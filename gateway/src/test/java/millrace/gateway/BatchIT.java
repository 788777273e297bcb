package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentRequest;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Payments by the line. A call to channel-service takes three of them here, so that most batches
/// need several.
class BatchIT {
  private static final String LINES = "application/x-ndjson";
  private static final String RESOURCE = "\"resource\":{\"url\":\"http://shop.example/7\"}";
  private static final int MAX_BYTES = 200_000;
  private static GatewayFixture gateway;
  private static Account merchant;

  private final Payer payer = Payer.fresh();
  private final Payer neighbour = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new GatewayFixture(
            TestPostgres.freshDatabase(),
            Map.of(
                "millrace.gateway.channel-service.batch-size",
                3,
                "millrace.gateway.channel-service.call-timeout",
                "30s",
                "millrace.gateway.channel-service.patience",
                "60s",
                "millrace.gateway.checkout.busy-wait",
                "1500ms",
                "millrace.gateway.payment-batch.max-bytes",
                MAX_BYTES,
                "millrace.gateway.payment-batch.max-lines",
                50));
    merchant = gateway.merchant();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void reset() {
    gateway.hub.forget();
  }

  @Test
  void everyLineIsAnsweredForItselfAndInItsPlace() {
    var results =
        batch(
            line(payer.voucher(10, 10), "10"),
            "{",
            line(neighbour.voucher(10, 10), "10"),
            "",
            line(payer.voucher(10, 25), "10"),
            line(payer.voucher(10, 20), "10"));

    assertThat(statuses(results)).containsExactly(201, 400, 201, 400, 402, 201);
    assertThat(results.stream().map(result -> result.get("line").intValue()))
        .containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(charged(payer)).isEqualTo(20);
    assertThat(charged(neighbour)).isEqualTo(10);
    assertThat(results.getFirst().get("payment").get("payment_response")).isNotNull();
    assertThat(results.get(4).get("problem").get("payment_required")).isNotNull();
  }

  @Test
  void theVouchersOfAChannelKeepTheirOrderThroughAllCalls() {
    var lines =
        IntStream.rangeClosed(1, 40)
            .mapToObj(
                i -> line((i % 2 == 0 ? payer : neighbour).voucher(10, 10L * ((i + 1) / 2)), "10"))
            .toArray(String[]::new);

    assertThat(statuses(batch(lines))).hasSize(40).containsOnly(201);
    assertThat(charged(payer)).isEqualTo(200);
  }

  @Test
  void theSecondOfTwoEqualLinesIsAReplay() {
    var line = line(payer.voucher(10, 10), "10");

    var results = batch(line, line, line(neighbour.voucher(10, 10), "10"), line);

    assertThat(statuses(results)).containsExactly(201, 200, 201, 200);
    assertThat(results.get(1).get("payment").get("replayed").booleanValue()).isTrue();
    assertThat(results.get(1).get("payment").get("id"))
        .isEqualTo(results.get(0).get("payment").get("id"));
    assertThat(charged(payer)).isEqualTo(10);
  }

  @Test
  void aKeyOnALineIsTheKeyOfASingleCall() {
    var key = "key-" + payer.salt();
    var results = batch(named(payer.voucher(10, 10), "10", key));
    assertThat(statuses(results)).containsExactly(201);

    var single =
        gateway.send(
            gateway
                .request("POST", "/v1/payments", merchant.key())
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(line(payer.voucher(10, 10), "10"))));

    assertThat(single.statusCode()).isEqualTo(200);
    assertThat(json(single).get("id")).isEqualTo(results.getFirst().get("payment").get("id"));
  }

  /// Whatever is wrong with a line, its problem is the one that it would have alone.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "null",
        "{} {}",
        "{\"amount\":\"10\"}",
        "{\"merchant\":\"mer_1\"}",
        "{\"amount\":\"10\",\"amount\":\"10\"}",
        "{\"payment_signature\":\"eA==\",\"amount\":10,\"resource\":{\"url\":\"u\"}}",
        "{\"payment_signature\":\"eA==\",\"amount\":\"0\",\"resource\":{\"url\":\"u\"}}",
        "{\"payment_signature\":\"eA==\",\"amount\":\"10\",\"resource\":{\"url\":\" \"}}",
        "{\"payment_signature\":\"eA==\",\"amount\":\"10\",\"resource\":{\"url\":\"\\u0000\"}}",
        "{\"payment_signature\":\"eA==\",\"amount\":\"10\",\"resource\":{\"url\":\"u\",\"x\":1}}",
        "{\"payment_signature\":\"eA==\",\"amount\":\"10\",\"resource\":{\"url\":\"u\"}}",
        "{\"payment_signature\":7,\"amount\":\"10\",\"resource\":{\"url\":\"u\"}}"
      })
  void aWrongLineIsToldWhatASingleCallIsTold(String line) {
    var single = gateway.post(merchant, "/v1/payments", line);

    var result = batch(line, line(payer.voucher(10, 10), "10"));

    assertThat(statuses(result)).containsExactly(single.statusCode(), 201);
    assertThat(nameless(result.getFirst().get("problem"))).isEqualTo(nameless(json(single)));
  }

  @Test
  void aWrongKeyIsToldWhatASingleCallIsTold() {
    var result = batch(named(payer.voucher(10, 10), "10", "with space"));
    assertThat(statuses(result)).containsExactly(400);
    assertThat(result.getFirst().get("problem").get("param").stringValue())
        .isEqualTo("Idempotency-Key");
  }

  @Test
  void aLineThatIsTooLongSpoilsNoNeighbour() {
    var tooLong = line(payer.voucher(10, 10), "10").replace("{", "{" + " ".repeat(66_000));

    var results = batch(tooLong, line(neighbour.voucher(10, 10), "10"));

    assertThat(statuses(results)).containsExactly(413, 201);
    assertThat(charged(payer)).isZero();
  }

  @Test
  void endsOfLinesMayBeThoseOfOthers() {
    var body = line(payer.voucher(10, 10), "10") + "\r\n" + line(payer.voucher(10, 20), "10");
    assertThat(statuses(results(send(body)))).containsExactly(201, 201);
  }

  @Test
  void depositsAndRefundsAreSentElsewhere() {
    var results =
        batch(
            line(payer.deposit(10, 10, 10_000), "10"),
            line(payer.refund(10, 0), "10"),
            line(neighbour.voucher(10, 10), "10"));

    assertThat(statuses(results)).containsExactly(422, 422, 201);
    assertThat(results.getFirst().get("problem").get("code").stringValue())
        .isEqualTo("not-in-batch");
  }

  @Test
  void aBodyOverItsLimitsIsRefusedAsAWhole() {
    var line = line(payer.voucher(10, 10), "10");
    var large = line + "\n" + " ".repeat(MAX_BYTES);
    assertThat(send(large).statusCode()).isEqualTo(413);
    var chunked =
        gateway.send(
            gateway
                .request("POST", "/v1/payments/batch", merchant.key())
                .setHeader("Content-Type", LINES)
                .POST(
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofByteArray(large.getBytes(StandardCharsets.UTF_8)))));
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(send((line + "\n").repeat(51)).statusCode()).isEqualTo(413);
    assertThat(send("").statusCode()).isEqualTo(400);
    assertThat(gateway.hub.commands).isEmpty();
  }

  @Test
  void onlyAMerchantWhoMayTakePaymentsTakesThem() {
    var made =
        json(
            gateway.post(
                merchant, "/v1/api_keys", "{\"name\":\"k\",\"scopes\":[\"payments:read\"]}"));
    var reader = new Account(merchant.id(), made.get("secret").stringValue());
    var line = line(payer.voucher(10, 10), "10");
    assertThat(send(reader, line).statusCode()).isEqualTo(403);
    assertThat(send(new Account("", "nobody"), line).statusCode()).isEqualTo(401);
    assertThat(gateway.hub.commands).isEmpty();
  }

  @Test
  void otherMediaTypesAreNamedTheRightOne() {
    var answer = gateway.post(merchant, "/v1/payments/batch", line(payer.voucher(10, 10), "10"));
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(json(answer).get("detail").stringValue()).contains(LINES);
  }

  @Test
  void aBodyThatBreaksOffTakesNothing() throws IOException {
    var line = line(payer.voucher(10, 10), "10") + "\n";
    try (var client = RawClient.of(gateway)) {
      client.send(client.head("/v1/payments/batch", merchant, LINES, 2 * line.length()) + line);
      client.endOfRequest();
      assertThat(client.status()).isIn(0, 400);
    }
    assertThat(gateway.hub.commands).isEmpty();
  }

  /// What was answered stands, what was sent is unknown, and the rest never left.
  @Test
  void nothingIsHalfSaidWhenChannelServiceFallsSilent() {
    var lines =
        IntStream.rangeClosed(1, 9)
            .mapToObj(i -> line(payer.voucher(10, 10L * i), "10"))
            .toArray(String[]::new);
    gateway.hub.after =
        command -> ceiling(command).equals(Amount.of(50)) ? Optional.of(503) : Optional.empty();

    var results = batch(lines);

    assertThat(statuses(results)).containsExactly(201, 201, 201, 503, 503, 503, 503, 503, 503);
    assertThat(results.stream().skip(3).map(BatchIT::problemCode))
        .containsExactly(
            "outcome-unknown",
            "outcome-unknown",
            "outcome-unknown",
            "unavailable",
            "unavailable",
            "unavailable");
    assertThat(results.getLast().get("retry_after").intValue()).isPositive();
    assertThat(gateway.hub.received(Charge.class).stream().map(BatchIT::ceiling))
        .doesNotContain(Amount.of(70));

    gateway.hub.forget();
    assertThat(statuses(batch(lines))).containsExactly(200, 200, 200, 200, 200, 200, 201, 201, 201);
    assertThat(charged(payer)).isEqualTo(90);
  }

  @Test
  void aCommandThatIsNotUnderstoodCostsItsOwnLineOnly() {
    gateway.hub.before =
        command -> ceiling(command).equals(Amount.of(20)) ? Optional.of(400) : Optional.empty();

    var results =
        batch(
            line(payer.voucher(10, 10), "10"),
            line(payer.voucher(10, 20), "10"),
            line(neighbour.voucher(10, 10), "10"),
            line(neighbour.voucher(10, 30), "10"));

    assertThat(statuses(results)).containsExactly(201, 500, 201, 402);
  }

  @Test
  void linesOfABusyChannelWaitForItInTheirOrder() throws Exception {
    var held = new PaymentId("pay_" + "0".repeat(22) + payer.salt().toString().substring(62));
    gateway.hub.perform(reservation(held));
    var released =
        Thread.startVirtualThread(
            () -> {
              pause(400);
              gateway.hub.perform(new PaymentCommand.Release(held, payer.channelId()));
            });

    var results =
        batch(
            line(payer.voucher(10, 10), "10"),
            line(neighbour.voucher(10, 10), "10"),
            line(neighbour.voucher(10, 20), "10"),
            line(payer.voucher(10, 20), "10"));

    released.join();
    assertThat(statuses(results)).containsExactly(201, 201, 201, 201);
    assertThat(charged(payer)).isEqualTo(20);
  }

  private PaymentCommand reservation(PaymentId id) {
    batch(line(payer.voucher(10, 7), "10"));
    var refused = gateway.hub.received(Charge.class).getLast().request();
    var request =
        new PaymentRequest(
            id,
            refused.merchantId(),
            refused.config(),
            payer.keys().voucher(Payer.offer(10), payer.channel(), Amount.of(10)).voucher(),
            Amount.of(10),
            "other-" + id,
            "other",
            "/other");
    return new PaymentCommand.Reserve(request, Instant.now().plusSeconds(60));
  }

  private static List<JsonNode> batch(String... lines) {
    return results(send(String.join("\n", lines) + "\n"));
  }

  private static HttpResponse<String> send(String body) {
    return send(merchant, body);
  }

  private static HttpResponse<String> send(Account account, String body) {
    return gateway.send(
        gateway
            .request("POST", "/v1/payments/batch", account.key())
            .setHeader("Content-Type", LINES)
            .POST(BodyPublishers.ofString(body)));
  }

  private static List<JsonNode> results(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains(LINES);
    var results = new ArrayList<JsonNode>();
    answer.body().lines().forEach(line -> results.add(GatewayFixture.JSON.readTree(line)));
    return results;
  }

  private static int[] statuses(List<JsonNode> results) {
    return results.stream().mapToInt(result -> result.get("status").intValue()).toArray();
  }

  private static String problemCode(JsonNode result) {
    return result.get("problem").get("code").stringValue();
  }

  private static Amount ceiling(PaymentCommand command) {
    return ((Charge) command).request().voucher().voucher().ceiling();
  }

  private static long charged(Payer payer) {
    return gateway.hub.charged(payer.channelId()).units().longValueExact();
  }

  private static JsonNode nameless(JsonNode problem) {
    return ((ObjectNode) problem).without("request_id");
  }

  static String line(String signature, String amount) {
    return "{\"payment_signature\":\"%s\",\"amount\":\"%s\",%s}"
        .formatted(signature, amount, RESOURCE);
  }

  private static String named(String signature, String amount, String key) {
    return line(signature, amount)
        .replace("\"resource\"", "\"idempotency_key\":\"" + key + "\",\"resource\"");
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
