package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import millrace.gateway.GatewayFixture.Account;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A payment in the usual form goes past the web framework, and must not be answered differently
/// for it.
class DirectPaymentsIT {
  private static final String USUAL = "*/*";
  private static final String UNUSUAL = "application/json, */*";

  private static GatewayFixture gateway;
  private static Account merchant;

  @BeforeAll
  static void start() throws IOException {
    gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of());
    merchant = gateway.merchant();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{} {}",
        "null",
        "{\"amount\":\"10\",\"amount\":\"10\"}",
        "{\"amount\":\"10\",\"resource\":{\"url\":\"/a\"}}",
        "{\"payment_signature\":\"x\",\"amount\":10,\"resource\":{\"url\":\"/a\"}}",
        "{\"payment_signature\":\"x\",\"amount\":\"10\",\"resource\":{\"url\":\"\"}}",
        "{\"payment_signature\":\"x\",\"amount\":\"0\",\"resource\":{\"url\":\"/a\"}}",
        "{\"payment_signature\":\"x\",\"amount\":\"10\",\"resource\":{\"url\":\"/a\"}}",
        "{\"payment_signature\":\"x\",\"price\":\"10\",\"resource\":{\"url\":\"/a\"}}"
      })
  void aWrongPaymentIsRefusedInTheSameWordsInWhateverForm(String body) {
    var usual = pay(USUAL, merchant.key(), body);
    var other = pay(UNUSUAL, merchant.key(), body);
    assertThat(usual.statusCode()).isBetween(400, 402).isEqualTo(other.statusCode());
    assertThat(withoutRequestId(usual)).isEqualTo(withoutRequestId(other));
    assertThat(usual.headers().firstValue("Content-Type"))
        .isEqualTo(other.headers().firstValue("Content-Type"));
  }

  @Test
  void aPaymentIsTakenInWhateverForm() {
    var body = payment(Payer.fresh());
    assertThat(pay(USUAL, merchant.key(), body).statusCode()).isEqualTo(201);
    assertThat(pay(UNUSUAL, merchant.key(), body).statusCode()).isEqualTo(200);
    assertThat(pay(USUAL, "sk_test_" + "x".repeat(43), body).statusCode()).isEqualTo(401);
    assertThat(pay("image/png", merchant.key(), body).statusCode()).isEqualTo(406);
  }

  @ParameterizedTest
  @ValueSource(strings = {USUAL, UNUSUAL})
  void whoMayOnlyReadPaymentsTakesNone(String accept) {
    int paid = gateway.hub.commands.size();
    var reader =
        json(gateway.post(
                merchant,
                "/v1/api_keys",
                """
                    {"name":"reader","scopes":["payments:read"]}
                    """))
            .get("secret")
            .stringValue();
    var refused = pay(accept, reader, payment(Payer.fresh()));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(code(refused)).isEqualTo("missing-scope");
    assertThat(gateway.hub.commands).hasSize(paid);
  }

  @ParameterizedTest
  @ValueSource(strings = {USUAL, UNUSUAL})
  void aNameThatIsNoneForARequestIsRefused(String accept) {
    int paid = gateway.hub.commands.size();
    var refused =
        gateway.send(
            call(accept, merchant.key(), payment(Payer.fresh()))
                .header("Idempotency-Key", "two words"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("Idempotency-Key");
    assertThat(gateway.hub.commands).hasSize(paid);
  }

  @Test
  void aBodyOverTheLimitIsNotWaitedFor() throws IOException {
    try (var client = RawClient.of(gateway)) {
      client.send(client.head("/v1/payments", merchant, "application/json", 1 << 20));
      assertThat(client.status()).isEqualTo(413);
    }
  }

  private static String payment(Payer payer) {
    return """
    {"payment_signature":"%s","amount":"10","resource":{"url":"http://shop.example/7"}}
    """
        .formatted(payer.voucher(10, 10));
  }

  private static HttpResponse<String> pay(String accept, String secret, String body) {
    return gateway.send(call(accept, secret, body));
  }

  private static HttpRequest.Builder call(String accept, String secret, String body) {
    return gateway
        .request("POST", "/v1/payments", secret)
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(body));
  }

  private static JsonNode withoutRequestId(HttpResponse<String> refused) {
    return ((ObjectNode) json(refused)).without("request_id");
  }
}
