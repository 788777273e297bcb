package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.PaymentCommand;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.SettleResponse;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MerchantApiIT {
  private static final String RESOURCE = "\"resource\":{\"url\":\"http://shop.example/7\"}";
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static Account merchant;
  private static Account other;

  private final Payer payer = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, Map.of("millrace.gateway.checkout.busy-wait", "200ms"));
    merchant = gateway.merchant();
    other = gateway.merchant();
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
  void onlyTheOperatorMakesMerchants() {
    var body = "{\"name\":\"x\",\"payout_address\":\"0x" + "2".repeat(40) + "\"}";
    assertThat(gateway.post(merchant, "/v1/merchants", body).statusCode()).isEqualTo(401);
    var nobody =
        gateway.send(
            HttpRequest.newBuilder(gateway.url("/v1/merchants"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(code(nobody)).isEqualTo("missing-api-key");
    assertThat(nobody.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void aSecretIsShownOnceAndKeptNowhere() throws SQLException {
    assertThat(merchant.key()).startsWith("sk_test_").hasSize(51);
    assertThat(gateway.get(merchant, "/v1/api_keys").body()).doesNotContain(merchant.key());
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT row_to_json(k)::text FROM api_key k")) {
      while (rows.next()) assertThat(rows.getString(1)).doesNotContain(merchant.key().substring(9));
    }
  }

  @Test
  void aKeyDoesOnlyWhatItMay() {
    var reader = key(merchant, "\"payments:read\"");
    assertThat(gateway.get(reader, "/v1/payments").statusCode()).isEqualTo(200);
    var refused = gateway.get(reader, "/v1/balance");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(code(refused)).isEqualTo("missing-scope");
  }

  @Test
  void aKeyCannotGiveMoreThanItHas() {
    var keeper = key(merchant, "\"keys:write\"");
    var refused =
        gateway.post(keeper, "/v1/api_keys", "{\"name\":\"more\",\"scopes\":[\"payouts:write\"]}");
    assertThat(refused.statusCode()).isEqualTo(403);
  }

  @Test
  void aRevokedKeyIsWorthNothingAtOnce() {
    var doomed = key(merchant, "\"payments:read\"");
    assertThat(gateway.get(doomed, "/v1/payments").statusCode()).isEqualTo(200);
    gateway.send(gateway.request("DELETE", "/v1/api_keys/" + doomed.id(), merchant.key()));
    assertThat(gateway.get(doomed, "/v1/payments").statusCode()).isEqualTo(401);
  }

  @Test
  void whatIsAnothersDoesNotExist() {
    var route = json(gateway.post(other, "/v1/routes", route("5"))).get("id").stringValue();
    var hook = json(gateway.post(other, "/v1/webhook_endpoints", hook())).get("id").stringValue();
    var key = key(other, "\"payments:read\"").id();
    var payment = json(pay(other, payer.voucher(10, 10), "10")).get("id").stringValue();
    var payout = json(payout(other, "o-1", "{\"amount\":\"5\"}")).get("id").stringValue();
    for (var path :
        new String[] {
          "/v1/routes/" + route,
          "/v1/webhook_endpoints/" + hook,
          "/v1/webhook_endpoints/" + hook + "/deliveries",
          "/v1/payments/" + payment,
          "/v1/payouts/" + payout
        }) {
      assertThat(gateway.get(other, path).statusCode()).as(path).isEqualTo(200);
      assertThat(gateway.get(merchant, path).statusCode()).as(path).isEqualTo(404);
    }
    for (var path :
        new String[] {
          "/v1/routes/" + route, "/v1/webhook_endpoints/" + hook, "/v1/api_keys/" + key
        }) {
      var deleted = gateway.send(gateway.request("DELETE", path, merchant.key()));
      assertThat(deleted.statusCode()).as(path).isEqualTo(404);
    }
    var test = gateway.post(merchant, "/v1/webhook_endpoints/" + hook + "/test", "");
    assertThat(test.statusCode()).isEqualTo(404);
    assertThat(ids(merchant, "/v1/routes?limit=100")).doesNotContain(route);
    assertThat(ids(merchant, "/v1/payouts?limit=100")).doesNotContain(payout);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"price\":\"5\"}|upstream_url",
        "{\"upstream_url\":\"https://example.com\",\"price\":5}|price",
        "{\"upstream_url\":\"https://example.com\",\"price\":\"-5\"}|price",
        "{\"upstream_url\":\"https://example.com\",\"price\":\"1.5\"}|price",
        "{\"upstream_url\":\"http://127.0.0.1/\",\"price\":\"0\"}|price",
        "{\"upstream_url\":\"http://127.0.0.1/\",\"price\":\"79228162514264337593543950336\"}|price",
        "{\"upstream_url\":\"http://127.0.0.1/\","
            + "\"price\":\"340282366920938463463374607431768211456\"}|price",
        "{\"upstream_url\":\"http://127.0.0.1/\",\"price\":\"5\",\"methods\":[\"get\"]}|methods[0]",
        "{\"upstream_url\":\"http://127.0.0.1/\",\"price\":\"5\",\"speed\":1}|speed"
      })
  void aWrongFieldIsNamed(String body, String param) {
    var answer = gateway.post(merchant, "/v1/routes", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("param").stringValue()).isEqualTo(param);
    assertThat(json(answer).get("request_id").stringValue())
        .isEqualTo(answer.headers().firstValue("Request-Id").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00x"})
  void textThatNobodyCanStoreReachesNobody(String escape) {
    var body =
        payment(payer.voucher(10, 10), "10").replace("shop.example/7", "shop.example/" + escape);
    problem(gateway.post(merchant, "/v1/payments", body), 400);
    var route =
        "{\"upstream_url\":\"%s\",\"price\":\"5\",\"description\":\"%s\"}"
            .formatted(gateway.upstream.url(), escape);
    problem(gateway.post(merchant, "/v1/routes", route), 400);
    assertThat(gateway.hub.commands).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest",
        "http://127.0.0.2:8411/internal",
        "http://10.0.0.1/",
        "http://[::1]:8411/",
        "ftp://example.com/",
        "https://user:pw@example.com/"
      })
  void anUpstreamInsideIsRefused(String url) {
    var answer =
        gateway.post(merchant, "/v1/routes", "{\"upstream_url\":\"" + url + "\",\"price\":\"5\"}");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(code(answer)).isEqualTo("address-not-allowed");
  }

  @Test
  void errorsOfTheFrameworkAreProblemsToo() {
    var key = merchant.key();
    problem(gateway.get(merchant, "/v1/nothing"), 404);
    problem(gateway.send(gateway.request("DELETE", "/v1/balance", key)), 405);
    problem(
        gateway.send(
            HttpRequest.newBuilder(gateway.url("/v1/routes"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("x"))),
        415);
    problem(
        gateway.send(
            HttpRequest.newBuilder(gateway.url("/v1/balance"))
                .header("Authorization", "Bearer " + key)
                .header("Accept", "image/png")),
        406);
    problem(gateway.post(merchant, "/v1/routes", "{"), 400);
    problem(gateway.post(merchant, "/v1/routes", "[]"), 400);
    problem(gateway.post(merchant, "/v1/routes", "{\"price\":\"1\",\"price\":\"2\"}"), 400);
    problem(gateway.post(merchant, "/v1/routes", "{} {}"), 400);
    problem(gateway.get(merchant, "/v1/payments?limit=many"), 400);
    problem(gateway.get(merchant, "/v1/payments?limit=101"), 400);
    problem(gateway.get(merchant, "/v1/payments?channel=0x12"), 400);
  }

  @Test
  void aLargeBodyIsRefusedWhetherItSaysSoOrNot() {
    var large = "{\"name\":\"" + "x".repeat(70_000) + "\"}";
    problem(gateway.post(merchant, "/v1/routes", large), 413);
    // The same path, written so that only its handler is found.
    problem(gateway.post(merchant, "/%76%31/routes", large), 413);
    var chunked =
        gateway.send(
            gateway
                .request("POST", "/v1/routes", merchant.key())
                .POST(
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofByteArray(large.getBytes(StandardCharsets.UTF_8)))));
    problem(chunked, 413);
  }

  @Test
  void aMerchantDoesItsOwnHandshakeWithTwoCalls() {
    var requirements =
        gateway.post(merchant, "/v1/payment_requirements", "{\"amount\":\"10\"," + RESOURCE + "}");
    assertThat(requirements.statusCode()).isEqualTo(200);
    var header = json(requirements).get("payment_required").stringValue();
    var required = ((Parsed.Ok<PaymentRequired>) PaymentRequired.ofHeader(header)).value();
    assertThat(required.accepts()).containsExactly(Payer.offer(10));

    var paid = pay(merchant, payer.voucher(10, 10), "10");

    assertThat(paid.statusCode()).isEqualTo(201);
    var receipt = SettleResponse.ofHeader(json(paid).get("payment_response").stringValue());
    assertThat(((Parsed.Ok<SettleResponse>) receipt).value().chargedAmount())
        .contains(Amount.of(10));
    assertThat(json(paid).get("status").stringValue()).isEqualTo("succeeded");
    var id = json(paid).get("id").stringValue();
    assertThat(json(gateway.get(merchant, "/v1/payments/" + id)).get("amount").stringValue())
        .isEqualTo("10");
  }

  @Test
  void aPaymentHandedOverTwiceIsTakenOnce() {
    var first = pay(merchant, payer.voucher(10, 10), "10");
    var again = pay(merchant, payer.voucher(10, 10), "10");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).get("id")).isEqualTo(json(first).get("id"));
    assertThat(json(again).get("replayed").booleanValue()).isTrue();
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(10));
  }

  @Test
  void aDecodedPayloadIsAsGoodAsTheHeader() {
    var decoded =
        new String(Base64.getDecoder().decode(payer.voucher(10, 10)), StandardCharsets.UTF_8);
    var answer =
        gateway.post(
            merchant,
            "/v1/payments",
            "{\"payment_signature\":" + decoded + ",\"amount\":\"10\"," + RESOURCE + "}");
    assertThat(answer.statusCode()).isEqualTo(201);
  }

  @Test
  void aRefusalCarriesTheWordAndTheHeaderToRelay() {
    var refused = pay(merchant, payer.voucher(10, 11), "10");
    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(code(refused)).isEqualTo("invalid_batch_settlement_evm_cumulative_amount_mismatch");
    var header = json(refused).get("payment_required").stringValue();
    var required = ((Parsed.Ok<PaymentRequired>) PaymentRequired.ofHeader(header)).value();
    assertThat(required.accepts().getFirst().extra().channelState()).isPresent();
    problem(refused, 402);
  }

  @Test
  void anOutcomeThatIsUnknownResolvesWithTheSameKey() {
    gateway.hub.after =
        command -> command instanceof PaymentCommand.Charge ? Optional.of(503) : Optional.empty();
    var unknown = payNamed("k-" + payer.salt(), payer.voucher(10, 10));
    assertThat(unknown.statusCode()).isEqualTo(503);
    assertThat(code(unknown)).isEqualTo("outcome-unknown");
    gateway.hub.forget();
    var resolved = payNamed("k-" + payer.salt(), payer.voucher(10, 10));
    assertThat(resolved.statusCode()).isEqualTo(200);
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(10));
  }

  @Test
  void aPayoutNeedsAKeyAndIsAskedForOnce() {
    problem(gateway.post(merchant, "/v1/payouts", "{}"), 400);
    var first = payout(merchant, "p-1", "{\"amount\":\"5\"}");
    var again = payout(merchant, "p-1", "{\"amount\":\"5\"}");
    var different = payout(merchant, "p-1", "{\"amount\":\"6\"}");
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(different.statusCode()).isEqualTo(422);
    assertThat(code(different)).isEqualTo("idempotency-key-reused");
    assertThat(json(first).get("payee").stringValue()).isEqualTo("0x" + "1".repeat(40));
  }

  @Test
  void theBalanceIsShownByToken() {
    var balance = json(gateway.get(merchant, "/v1/balance")).get("balances").get(0);
    assertThat(balance.get("available").stringValue()).isEqualTo("5000");
    assertThat(balance.get("symbol").stringValue()).isEqualTo("USDC");
  }

  @Test
  void listsArePagedWithoutGapsOrRepeats() {
    var lister = gateway.merchant();
    for (int i = 0; i < 5; i++) gateway.post(lister, "/v1/routes", route("5"));
    var all = ids(lister, "/v1/routes?limit=100");
    var firstPage = json(gateway.get(lister, "/v1/routes?limit=3"));
    assertThat(firstPage.get("has_more").booleanValue()).isTrue();
    var first = ids(lister, "/v1/routes?limit=3");
    var second = ids(lister, "/v1/routes?limit=3&starting_after=" + first[2]);
    assertThat(second).hasSize(2);
    assertThat(all).containsExactly(first[0], first[1], first[2], second[0], second[1]);
  }

  private static HttpResponse<String> pay(Account merchant, String header, String amount) {
    return gateway.post(merchant, "/v1/payments", payment(header, amount));
  }

  private static String payment(String header, String amount) {
    return "{\"payment_signature\":\"%s\",\"amount\":\"%s\",%s}"
        .formatted(header, amount, RESOURCE);
  }

  private static HttpResponse<String> payNamed(String key, String header) {
    return gateway.send(
        gateway
            .request("POST", "/v1/payments", merchant.key())
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(payment(header, "10"))));
  }

  private static HttpResponse<String> payout(Account merchant, String key, String body) {
    return gateway.send(
        gateway
            .request("POST", "/v1/payouts", merchant.key())
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body)));
  }

  private static Account key(Account merchant, String scopes) {
    var made =
        json(
            gateway.post(merchant, "/v1/api_keys", "{\"name\":\"k\",\"scopes\":[" + scopes + "]}"));
    return new Account(made.get("id").stringValue(), made.get("secret").stringValue());
  }

  private static String route(String price) {
    return "{\"upstream_url\":\"%s\",\"price\":\"%s\"}".formatted(gateway.upstream.url(), price);
  }

  private static String hook() {
    return "{\"url\":\"%s/hook\",\"events\":[\"payment.succeeded\"]}"
        .formatted(gateway.upstream.url());
  }

  private static String[] ids(Account merchant, String path) {
    var data = json(gateway.get(merchant, path)).get("data");
    return StreamSupport.stream(data.spliterator(), false)
        .map(item -> item.get("id").stringValue())
        .toArray(String[]::new);
  }

  private static void problem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(json(answer).get("status").intValue()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("Exception", "\tat ", "millrace.");
  }
}
