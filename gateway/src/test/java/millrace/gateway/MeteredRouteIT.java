package millrace.gateway;

import static millrace.gateway.Answers.receipt;
import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.PaymentCommand;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentRequired;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Routes that are paid for by the unit, that are changed, and that have limits of their own.
class MeteredRouteIT {
  private static GatewayFixture gateway;
  private static Account merchant;

  private final Payer payer = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new GatewayFixture(
            TestPostgres.freshDatabase(), Map.of("millrace.gateway.checkout.capture-wait", "1s"));
    merchant = gateway.merchant();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void reset() {
    gateway.hub.forget();
    gateway.upstream.reset();
  }

  @Test
  void aRequestIsChargedByWhatTheUpstreamSaysThatItUsed() {
    var route = gateway.route(merchant, "100", ",\"unit_price\":\"3\"");
    used("7");

    var first = gateway.paid(route, payer.voucher(100, 100));

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body()).isEqualTo(Upstream.SECRET);
    assertThat(receipt(first).chargedAmount()).contains(Amount.of(21));
    assertThat(first.headers().firstValue("Millrace-Usage")).isEmpty();
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(21));
    // The next ceiling builds on what was charged, not on what was signed.
    used("1000");
    var second = gateway.paid(route, payer.voucher(100, 121));
    assertThat(receipt(second).chargedAmount()).contains(Amount.of(100));
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(121));
  }

  /// Goal: an upstream that gives something away leaves the voucher unspent, and the same request
  /// asks it again.
  @Test
  void whatUsedNothingCostsNothingAsOftenAsItIsAskedFor() {
    var route = gateway.route(merchant, "100", ",\"unit_price\":\"3\"");
    used("0");
    for (int times = 1; times <= 2; times++) {
      var answer = gateway.paid(route, payer.voucher(100, 100));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(Upstream.SECRET);
      assertThat(answer.headers().firstValue("PAYMENT-RESPONSE")).isEmpty();
      assertThat(gateway.upstream.requests).hasSize(times);
    }
    assertThat(gateway.hub.received(PaymentCommand.Capture.class)).isEmpty();
    assertThat(gateway.hub.received(PaymentCommand.Release.class)).hasSize(2);

    used("7");
    var charged = gateway.paid(route, payer.voucher(100, 100));

    assertThat(receipt(charged).chargedAmount()).contains(Amount.of(21));
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(21));
  }

  @ParameterizedTest
  @CsvSource({"''", "-1", "much", "'1,2'", "99999999999999999999"})
  void anUpstreamThatDoesNotSayWhatWasUsedHasSoldNothing(String usage) {
    var route = gateway.route(merchant, "100", ",\"unit_price\":\"3\"");
    used(usage.split(",", -1));

    var answer = gateway.paid(route, payer.voucher(100, 100));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(code(answer)).isEqualTo("upstream-failed");
    assertThat(answer.body()).doesNotContain(Upstream.SECRET);
    assertThat(gateway.hub.received(PaymentCommand.Release.class)).hasSize(1);
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.ZERO);
  }

  /// Goal: what is not known to be charged is charged once and by the same measure when the client
  /// asks again, and the upstream is not asked twice.
  @Test
  void aChargeInDoubtIsRepeatedByTheSameMeasure() {
    var route = gateway.route(merchant, "100", ",\"unit_price\":\"3\"");
    used("7");
    gateway.hub.before =
        command -> command instanceof PaymentCommand.Capture ? Optional.of(503) : Optional.empty();
    assertThat(gateway.paid(route, payer.voucher(100, 100)).statusCode()).isEqualTo(503);
    gateway.hub.before = _ -> Optional.empty();
    used("30");

    var again = gateway.paid(route, payer.voucher(100, 100));

    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(receipt(again).chargedAmount()).contains(Amount.of(21));
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(21));
    assertThat(gateway.upstream.requests).hasSize(1);
  }

  @Test
  void aChangedPriceCountsAtOnceAndNobodyPaysAnotherThanTheySigned() {
    var route = gateway.route(merchant, "10", "");
    var changed = change(route, "{\"price\":\"12\",\"methods\":[\"GET\"]}");
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(json(changed).get("price").stringValue()).isEqualTo("12");
    assertThat(json(changed).get("upstream_url").stringValue()).endsWith("/shop");

    var old = gateway.paid(route, payer.voucher(10, 10));

    assertThat(old.statusCode()).isEqualTo(402);
    var header = old.headers().firstValue("PAYMENT-REQUIRED").orElseThrow();
    var required = ((Parsed.Ok<PaymentRequired>) PaymentRequired.ofHeader(header)).value();
    assertThat(required.accepts().getFirst().amount()).isEqualTo(Amount.of(12));
    assertThat(gateway.paid(route, payer.voucher(12, 12)).statusCode()).isEqualTo(200);
    var post = gateway.request("POST", route, "nobody").POST(BodyPublishers.noBody());
    assertThat(gateway.send(post).statusCode()).isEqualTo(405);
  }

  @Test
  void aChangeChangesWhatItNamesOnceAndIsWrittenDown() {
    var shop = gateway.merchant();
    var path =
        gateway.route(shop, "100", ",\"unit_price\":\"3\",\"metadata\":{\"a\":\"1\",\"b\":\"2\"}");
    var id = path.substring("/x/".length());
    var body =
        "{\"unit_price\":\"0\",\"metadata\":{\"b\":\"\",\"c\":\"3\"},\"description\":\"new\"}";

    var changed = patch(shop, id, "change-1", body);
    var again = patch(shop, id, "change-1", body);
    var other = patch(shop, id, "change-1", "{\"price\":\"5\"}");

    var shown = json(changed);
    assertThat(shown.has("unit_price")).isFalse();
    assertThat(shown.get("price").stringValue()).isEqualTo("100");
    assertThat(shown.get("metadata").toString()).isEqualTo("{\"a\":\"1\",\"c\":\"3\"}");
    assertThat(shown.get("description").stringValue()).isEqualTo("new");
    assertThat(again.body()).isEqualTo(changed.body());
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(other.statusCode()).isEqualTo(422);
    var log = json(gateway.get(shop, "/v1/audit_log?action=updateRoute")).get("data");
    assertThat(log.size()).isEqualTo(1);
    assertThat(log.get(0).get("object_id").stringValue()).isEqualTo(id);
    assertThat(json(gateway.get(shop, "/v1/routes/" + id))).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"price\":\"0\"}|price",
        "{\"unit_price\":\"101\"}|unit_price",
        "{\"upstream_url\":\"ftp://x.example/\"}|upstream_url",
        "{\"methods\":[\"get\"]}|methods[0]",
        "{\"limits\":{\"concurrency\":0}}|limits.concurrency",
        "{\"limits\":{\"speed\":1}}|limits.speed",
        "{\"metadata\":{\"a b\":\"1\"}}|metadata",
        "{\"metadata\":{\"a\":null}}|metadata.a",
        "{\"metadata\":{\"a\":7}}|metadata.a",
        "{\"metadata\":[]}|metadata"
      })
  void aWrongFieldOfAChangeIsNamedAndNothingIsChanged(String body, String field) {
    var route = gateway.route(merchant, "100", "");
    var before = json(gateway.get(merchant, "/v1/routes/" + route.substring(3)));

    var answer = change(route, body);

    assertThat(answer.statusCode()).as(answer.body()).isIn(400, 422);
    assertThat(json(answer).get("param").stringValue()).isEqualTo(field);
    assertThat(json(gateway.get(merchant, "/v1/routes/" + route.substring(3)))).isEqualTo(before);
  }

  @Test
  void metadataHasItsLimits() {
    var keys = new StringBuilder();
    for (int i = 0; i < 21; i++) keys.append(i == 0 ? "" : ",").append("\"k" + i + "\":\"v\"");
    var route = gateway.route(merchant, "100", "");
    assertThat(param(change(route, "{\"metadata\":{" + keys + "}}"))).isEqualTo("metadata");
    var longText = "{\"metadata\":{\"k\":\"" + "x".repeat(501) + "\"}}";
    assertThat(param(change(route, longText))).isEqualTo("metadata.k");
    var longKey = "{\"metadata\":{\"" + "k".repeat(41) + "\":\"x\"}}";
    assertThat(param(change(route, longKey))).isEqualTo("metadata");
    var most = "{\"metadata\":{\"" + "k".repeat(40) + "\":\"" + "x".repeat(500) + "\"}}";
    assertThat(change(route, most).statusCode()).isEqualTo(200);
  }

  @Test
  void aRouteIsSoldNoFasterThanItsMerchantWants() {
    var route = gateway.route(merchant, "10", ",\"limits\":{\"requests_per_second\":1}");
    int sold = 0;
    HttpResponse<String> next;
    do { // On a busy machine more than one, a second apart.
      gateway.hub.forget();
      next = gateway.paid(route, payer.voucher(10, 10L * (sold + 1)));
    } while (next.statusCode() == 200 && ++sold < 100);

    assertThat(sold).isPositive();
    assertThat(next.statusCode()).isEqualTo(429);
    assertThat(code(next)).isEqualTo("too-many-requests");
    assertThat(next.headers().firstValue("Retry-After")).contains("1");
    assertThat(gateway.hub.commands).isEmpty();
    change(route, "{\"limits\":{}}");
    var unlimited = gateway.paid(route, payer.voucher(10, 10L * (sold + 1)));
    assertThat(unlimited.statusCode()).isEqualTo(200);
  }

  @Test
  void anUpstreamHasNoMoreTimeThanItsMerchantGivesIt() {
    var route = gateway.route(merchant, "10", ",\"limits\":{\"timeout_seconds\":1}");
    gateway.upstream.handler =
        (exchange, _) -> {
          try {
            Thread.sleep(3_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          Upstream.answer(exchange, 200, Upstream.SECRET);
        };
    var answer = gateway.paid(route, payer.voucher(10, 10));
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.ZERO);
  }

  private static void used(String... usage) {
    gateway.upstream.handler =
        (exchange, _) -> {
          Arrays.stream(usage)
              .filter(value -> !value.isEmpty())
              .forEach(value -> exchange.getResponseHeaders().add("Millrace-Usage", value));
          Upstream.answer(exchange, 200, Upstream.SECRET);
        };
  }

  private static HttpResponse<String> change(String route, String body) {
    return patch(merchant, route.substring("/x/".length()), "once-" + System.nanoTime(), body);
  }

  private static HttpResponse<String> patch(Account by, String id, String key, String body) {
    return gateway.send(
        gateway
            .request("PATCH", "/v1/routes/" + id, by.key())
            .header("Idempotency-Key", key)
            .method("PATCH", BodyPublishers.ofString(body)));
  }

  private static String param(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    JsonNode problem = json(answer);
    return problem.get("param").stringValue();
  }
}
