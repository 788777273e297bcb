package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.GatewayFixture.Account;
import millrace.protocol.type.Amount;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the hub would never charge at once is not put up for sale, and who is asked for it is not
/// kept waiting.
class PriceLimitIT {
  private static GatewayFixture gateway;
  private static Account merchant;

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new GatewayFixture(
            TestPostgres.freshDatabase(),
            Map.of(
                "millrace.gateway.price-limit", "50ms",
                "millrace.gateway.checkout.busy-wait", "60s"));
    merchant = gateway.merchant();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void limit() {
    limit(Optional.of(Amount.of(1_000)));
  }

  @Test
  void aPriceAboveTheLimitIsNamedWithWhatAnOperatorMayRaise() {
    refused(post("/v1/routes", route("1001")), "price");
    refused(post("/v1/payment_links", "{\"amount\":\"1001\"}"), "amount");
    refused(post("/v1/payment_requirements", requirements("1001")), "amount");

    var made = post("/v1/routes", route("1000"));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    var path = "/v1/routes/" + json(made).get("id").stringValue();
    refused(patch(path, "{\"price\":\"1001\"}"), "price");
    assertThat(patch(path, "{\"price\":\"999\"}").statusCode()).isEqualTo(200);
    assertThat(post("/v1/payment_links", "{\"amount\":\"1000\"}").statusCode()).isEqualTo(201);
    assertThat(post("/v1/payment_requirements", requirements("1000")).statusCode()).isEqualTo(200);
  }

  /// Goal: an operator lowers the limit; payers are told at once that waiting does not help, and
  /// are asked for nothing any more.
  @Test
  void whatWasForSaleBeforeTheLimitFellIsRefusedAtOnce() {
    var route = json(post("/v1/routes", route("1000"))).get("path").stringValue();
    var link = json(post("/v1/payment_links", "{\"amount\":\"1000\"}")).get("path").stringValue();
    var served = Payer.fresh();
    assertThat(gateway.paid(route, served.voucher(1_000, 1_000)).statusCode()).isEqualTo(200);
    var payer = Payer.fresh();
    var settled = gateway.paid(link, payer.voucher(1_000, 1_000));
    assertThat(settled.statusCode()).as(settled.body()).isEqualTo(200);

    limit(Optional.of(Amount.of(999)));

    for (var path : new String[] {route, link}) {
      var unpaid = gateway.send(HttpRequest.newBuilder(gateway.url(path)));
      assertThat(code(unpaid)).isEqualTo("price-above-limit");
      var paid = gateway.paid(path, Payer.fresh().voucher(1_000, 1_000));
      assertThat(paid.statusCode()).as(paid.body()).isEqualTo(422);
      assertThat(code(paid)).isEqualTo("price-above-limit");
    }
    var direct =
        post(
            "/v1/payments",
            """
            {"payment_signature":"%s","amount":"1000","resource":{"url":"http://shop.example/7"}}
            """
                .formatted(Payer.fresh().voucher(1_000, 1_000)));
    assertThat(code(direct)).isEqualTo("price-above-limit");
    var again = gateway.paid(route, served.voucher(1_000, 1_000));
    assertThat(code(again)).isEqualTo("already-served");
    var repeat = gateway.paid(link, payer.voucher(1_000, 1_000));
    assertThat(repeat.statusCode()).as(repeat.body()).isEqualTo(200);
    assertThat(json(repeat)).isEqualTo(json(settled));
  }

  @Test
  void whatWasMadeBeforeTheLimitFellIsAnsweredAgain() {
    var link = named("link", "POST", "/v1/payment_links", "{\"amount\":\"1000\"}");
    var route = named("route", "POST", "/v1/routes", route("1000"));
    var path = "/v1/routes/" + json(route).get("id").stringValue();
    var change = named("change", "PATCH", path, "{\"price\":\"1000\"}");
    assertThat(change.statusCode()).as(change.body()).isEqualTo(200);

    limit(Optional.of(Amount.of(999)));

    again(link, named("link", "POST", "/v1/payment_links", "{\"amount\":\"1000\"}"));
    again(route, named("route", "POST", "/v1/routes", route("1000")));
    again(change, named("change", "PATCH", path, "{\"price\":\"1000\"}"));
  }

  private static void again(HttpResponse<String> first, HttpResponse<String> repeat) {
    assertThat(repeat.statusCode()).as(repeat.body()).isEqualTo(first.statusCode());
    assertThat(repeat.body()).isEqualTo(first.body());
    assertThat(repeat.headers().firstValue("Idempotent-Replayed")).contains("true");
  }

  private static HttpResponse<String> named(String name, String method, String path, String body) {
    return gateway.send(
        gateway
            .request(method, path, merchant.key())
            .header("Idempotency-Key", name)
            .method(method, BodyPublishers.ofString(body)));
  }

  @Test
  void withoutALimitEveryPriceIsTaken() {
    limit(Optional.empty());
    assertThat(post("/v1/routes", route("79228162514264337593543950335")).statusCode())
        .isEqualTo(201);
  }

  /// The gateway looks now and then.
  private static void limit(Optional<Amount> most) {
    gateway.hub.money.priceLimit = most;
    var above = most.orElse(Amount.of(998)).plus(Amount.of(1)).toString();
    await()
        .untilAsserted(
            () -> {
              var asked = post("/v1/payment_requirements", requirements(above));
              assertThat(asked.statusCode()).isEqualTo(most.isPresent() ? 422 : 200);
              most.ifPresent(
                  it ->
                      assertThat(json(asked).get("limit").stringValue()).isEqualTo(it.toString()));
            });
  }

  private static void refused(HttpResponse<String> answer, String field) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(code(answer)).isEqualTo("price-above-limit");
    assertThat(json(answer).get("param").stringValue()).isEqualTo(field);
    assertThat(json(answer).get("detail").stringValue()).contains("1000", "per-payer");
  }

  private static HttpResponse<String> post(String path, String body) {
    return gateway.post(merchant, path, body);
  }

  private static HttpResponse<String> patch(String path, String body) {
    return gateway.send(
        gateway
            .request("PATCH", path, merchant.key())
            .method("PATCH", BodyPublishers.ofString(body)));
  }

  private static String route(String price) {
    return "{\"upstream_url\":\"" + gateway.upstream.url() + "/shop\",\"price\":\"" + price + "\"}";
  }

  private static String requirements(String amount) {
    return "{\"amount\":\"" + amount + "\",\"resource\":{\"url\":\"http://shop.example/7\"}}";
  }
}
