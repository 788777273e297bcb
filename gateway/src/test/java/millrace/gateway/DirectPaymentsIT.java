package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
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
  private static String key;

  @BeforeAll
  static void start() throws IOException {
    gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of());
    key = gateway.merchant().key();
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
    var usual = pay(USUAL, key, body);
    var other = pay(UNUSUAL, key, body);
    assertThat(usual.statusCode()).isBetween(400, 402).isEqualTo(other.statusCode());
    assertThat(withoutRequestId(usual)).isEqualTo(withoutRequestId(other));
    assertThat(usual.headers().firstValue("Content-Type"))
        .isEqualTo(other.headers().firstValue("Content-Type"));
  }

  @Test
  void aPaymentIsTakenInWhateverForm() {
    var payer = Payer.fresh();
    var body =
        """
        {"payment_signature":"%s","amount":"10","resource":{"url":"http://shop.example/7"}}
        """
            .formatted(payer.voucher(10, 10));
    assertThat(pay(USUAL, key, body).statusCode()).isEqualTo(201);
    assertThat(pay(UNUSUAL, key, body).statusCode()).isEqualTo(200);
    assertThat(pay(USUAL, "sk_test_" + "x".repeat(43), body).statusCode()).isEqualTo(401);
    assertThat(pay("image/png", key, body).statusCode()).isEqualTo(406);
  }

  private static HttpResponse<String> pay(String accept, String secret, String body) {
    return gateway.send(
        gateway
            .request("POST", "/v1/payments", secret)
            .header("Accept", accept)
            .POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode withoutRequestId(HttpResponse<String> refused) {
    return ((ObjectNode) json(refused)).without("request_id");
  }
}
