package millrace.gateway;

import static millrace.gateway.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import millrace.gateway.GatewayFixture.Account;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is turned away before anybody pays.
class PaywallDoorIT {
  private static final long PRICE = 1_000;
  private static GatewayFixture gateway;
  private static Account merchant;
  private static String route;

  private final Payer payer = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new GatewayFixture(
            TestPostgres.freshDatabase(),
            Map.of(
                "millrace.gateway.checkout.busy-wait", "400ms",
                "millrace.gateway.checkout.deposit-wait", "2s",
                "millrace.gateway.checkout.poll-wait", "200ms",
                "millrace.gateway.checkout.capture-wait", "1s",
                "millrace.gateway.paywall.upstream-timeout", "5s",
                "millrace.gateway.paywall.max-request-bytes", "2000",
                "millrace.gateway.paywall.max-response-bytes", "5000"));
    merchant = gateway.merchant();
    route = gateway.route(merchant, "" + PRICE, "");
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
  void aBodyThatIsTooLargeIsRefusedBeforeItIsPaidFor() {
    var answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.url(route))
                .header("PAYMENT-SIGNATURE", payer.voucher(PRICE, PRICE))
                .POST(BodyPublishers.ofString("x".repeat(2_001))));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(gateway.hub.commands).isEmpty();
  }

  @Test
  void aPathCannotLeaveTheRoute() {
    for (var path : List.of("/../x", "/%2e%2e/admin", "/a/..;/b", "/a%2fb/..%2f..")) {
      var answer = gateway.paid(route + path, payer.voucher(PRICE, PRICE));
      assertThat(answer.statusCode()).as(path).isIn(400, 404);
    }
    assertThat(gateway.upstream.requests).isEmpty();
  }

  @Test
  void methodsThatAreNotForSaleAreNotAllowed() {
    var postOnly = gateway.route(merchant, "5", ",\"methods\":[\"POST\"]");

    var answer = gateway.send(HttpRequest.newBuilder(gateway.url(postOnly)));

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).isEqualTo("POST");
    assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
  }

  @Test
  void aBrowserMayAsk() {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "origin");
    var answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.url(route))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://page.example")
                .header("Access-Control-Request-Method", "GET")
                .header(
                    "Access-Control-Request-Headers",
                    "payment-signature,access-control-expose-headers"));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "Access-Control-Allow-Headers"))
        .contains("PAYMENT-SIGNATURE", "Access-Control-Expose-Headers");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @Test
  void aDeletedRouteIsGoneAtOnce() {
    var doomed = gateway.route(merchant, "5", "");
    var id = doomed.substring("/x/".length());
    gateway.send(gateway.request("DELETE", "/v1/routes/" + id, merchant.key()));

    var answer = gateway.send(HttpRequest.newBuilder(gateway.url(doomed)));

    assertThat(answer.statusCode()).isEqualTo(404);
  }
}
