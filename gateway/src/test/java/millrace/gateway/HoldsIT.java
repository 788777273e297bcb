package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.PaymentCommand;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a merchant says to the API about holds. What becomes of the money is tested where it is.
class HoldsIT {
  private static GatewayFixture gateway;
  private static Account merchant;

  private final Payer payer = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of());
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
  void aHoldIsHeldUntilItIsCapturedInPart() {
    var held = hold("manual", "");
    assertThat(held.statusCode()).as(held.body()).isEqualTo(201);
    assertThat(json(held).get("status").stringValue()).isEqualTo("held");
    var until = Instant.parse(json(held).get("capture_before").stringValue());
    assertThat(until).isAfter(Instant.now().plusSeconds(6 * 86_400));

    var captured = end(held, "capture", "{\"amount\":\"6\"}");
    assertThat(captured.statusCode()).as(captured.body()).isEqualTo(200);
    assertThat(json(captured).get("status").stringValue()).isEqualTo("succeeded");
    var twice = end(held, "capture", "{\"amount\":\"6\"}");
    assertThat(twice.statusCode()).isEqualTo(409);
    assertThat(code(twice)).isEqualTo("hold-ended");
  }

  @Test
  void aHoldIsCanceledAndThenNotCaptured() {
    var held = hold("manual", "");
    assertThat(json(end(held, "cancel", "")).get("status").stringValue()).isEqualTo("canceled");
    assertThat(code(end(held, "capture", "{\"amount\":\"6\"}"))).isEqualTo("hold-ended");
  }

  @Test
  void whatIsHeldIsListedUntilItIsCaptured() {
    var first = hold("manual", ",\"metadata\":{\"room\":\"7\"}");
    var second = hold("manual", "", Payer.fresh());
    var list = "/v1/payments?status=held";
    assertThat(listed(gateway.get(merchant, list))).containsExactly(id(second), id(first));
    var page = gateway.get(merchant, list + "&limit=1&starting_after=" + id(second));
    assertThat(listed(page)).containsExactly(id(first));
    var one = json(page).get("data").get(0);
    assertThat(one.get("status").stringValue()).isEqualTo("held");
    assertThat(json(gateway.get(merchant, "/v1/payments/" + id(first)))).isEqualTo(one);
    assertThat(one.get("metadata").get("room").stringValue()).isEqualTo("7");
    assertThat(listed(gateway.get(gateway.merchant(), list))).isEmpty();
    assertThat(listed(gateway.get(merchant, "/v1/payments"))).isEmpty();

    end(first, "capture", "");
    end(second, "cancel", "");
    assertThat(listed(gateway.get(merchant, list))).isEmpty();
    var nonsense = gateway.get(merchant, "/v1/payments?status=canceled");
    assertThat(nonsense.statusCode()).isEqualTo(400);
    assertThat(json(nonsense).get("param").stringValue()).isEqualTo("status");
  }

  @Test
  void whatIsWrongIsNamed() {
    var held = hold("manual", "");
    var tooMuch = end(held, "capture", "{\"amount\":\"11\"}");
    assertThat(tooMuch.statusCode()).isEqualTo(422);
    assertThat(code(tooMuch)).isEqualTo("capture-too-large");
    var nothing = end(held, "capture", "{\"amount\":\"0\"}");
    assertThat(nothing.statusCode()).isEqualTo(400);
    assertThat(json(nothing).get("param").stringValue()).isEqualTo("amount");
    var early = hold("automatic", ",\"capture_before\":\"2100-01-01T00:00:00Z\"");
    assertThat(early.statusCode()).isEqualTo(400);
    assertThat(json(early).get("param").stringValue()).isEqualTo("capture_before");
    var late = hold("manual", ",\"capture_before\":\"2001-01-01T00:00:00Z\"");
    assertThat(late.statusCode()).isEqualTo(400);
    assertThat(hold("sometimes", "").statusCode()).isEqualTo(400);
  }

  @Test
  void whatWasChargedForGoodIsNotCapturedAgain() {
    var paid = hold("automatic", "");
    assertThat(json(paid).get("status").stringValue()).isEqualTo("succeeded");
    assertThat(end(paid, "capture", "").statusCode()).isEqualTo(404);
    assertThat(end(paid, "cancel", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aHoldAndAPaymentOfTheSameAreNotTheSame() {
    var held = hold("manual", "");
    var paid = hold("automatic", "");
    assertThat(held.statusCode()).isEqualTo(201);
    // Not the hold again: its voucher pays for nothing more.
    assertThat(paid.statusCode()).isEqualTo(402);
    assertThat(gateway.hub.received(PaymentCommand.Hold.class)).hasSize(1);
  }

  private static List<String> listed(HttpResponse<String> list) {
    assertThat(list.statusCode()).as(list.body()).isEqualTo(200);
    return json(list).get("data").valueStream().map(one -> one.get("id").stringValue()).toList();
  }

  private static String id(HttpResponse<String> payment) {
    return json(payment).get("id").stringValue();
  }

  private HttpResponse<String> hold(String capture, String more) {
    return hold(capture, more, payer);
  }

  private static HttpResponse<String> hold(String capture, String more, Payer payer) {
    return gateway.post(
        merchant,
        "/v1/payments",
        """
        {"payment_signature":"%s","amount":"10","capture":"%s",
         "resource":{"url":"http://shop.example/7"}%s}
        """
            .formatted(payer.voucher(10, 10), capture, more));
  }

  private static HttpResponse<String> end(HttpResponse<String> held, String how, String body) {
    var id = json(held).get("id").stringValue();
    return gateway.post(merchant, "/v1/payments/" + id + "/" + how, body);
  }
}
