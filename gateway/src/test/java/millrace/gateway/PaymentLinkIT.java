package millrace.gateway;

import static millrace.gateway.Answers.receipt;
import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.PaymentCommand;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentRequired;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Links that anybody can pay, and that pay their merchant.
class PaymentLinkIT {
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static GatewayFixture second;
  private static Account merchant;

  private final Payer payer = Payer.fresh();

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, Map.of());
    var options = "spring.datasource.hikari.data-source-properties.options";
    second = new GatewayFixture(database, Map.of(options, "-c lock_timeout=500"));
    merchant = gateway.merchant();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    second.close();
  }

  @BeforeEach
  void reset() {
    gateway.hub.forget();
  }

  @Test
  void whoeverOpensALinkLearnsWhatToPayAndIsChargedNothing() {
    var path = link("250", ",\"description\":\"<b>Invoice</b> 7\"");

    var client = open(path, "*/*");
    var person = open(path, "text/html,*/*");

    assertThat(client.statusCode()).isEqualTo(402);
    assertThat(client.body()).isEqualTo("{}");
    var header = client.headers().firstValue("PAYMENT-REQUIRED").orElseThrow();
    var required = ((Parsed.Ok<PaymentRequired>) PaymentRequired.ofHeader(header)).value();
    assertThat(required.accepts()).containsExactly(Payer.offer(250));
    assertThat(required.resource().url()).isEqualTo(gateway.url(path).toString());
    assertThat(person.statusCode()).isEqualTo(402);
    assertThat(person.headers().firstValue("PAYMENT-REQUIRED")).contains(header);
    assertThat(person.headers().firstValue("Content-Security-Policy")).isPresent();
    assertThat(person.body()).contains("&lt;b&gt;Invoice&lt;/b&gt; 7").doesNotContain("<b>");
    assertThat(gateway.hub.commands).isEmpty();
  }

  @Test
  void aPaidLinkIsAPaymentOfItsMerchantAndARepeatIsTheSameOne() {
    var path = link("250", "");

    var first = gateway.paid(path, payer.voucher(250, 250));
    var again = gateway.paid(path, payer.voucher(250, 250));
    var other = gateway.paid(path, payer.voucher(250, 500));

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(receipt(first).chargedAmount()).contains(Amount.of(250));
    assertThat(json(first).get("payment_link").stringValue()).isEqualTo(path.substring(5));
    assertThat(json(first).get("decimals").intValue()).isEqualTo(6);
    assertThat(json(first).get("livemode").booleanValue()).isFalse();
    assertThat(json(again)).isEqualTo(json(first));
    assertThat(json(other).get("id")).isNotEqualTo(json(first).get("id"));
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(500));
    var charge = gateway.hub.received(PaymentCommand.Charge.class).getFirst().request();
    assertThat(charge.merchantId().value()).isEqualTo(merchant.id());
    var shown = gateway.get(merchant, "/v1/payments/" + json(first).get("id").stringValue());
    assertThat(json(shown).get("amount").stringValue()).isEqualTo("250");
  }

  @Test
  void aDepositIsTakenAndAnotherAmountIsNot() {
    var path = link("250", "");
    var answer = gateway.paid(path, payer.deposit(250, 250, 50_000));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(receipt(answer).amount()).contains(Amount.of(50_000));
    var less = gateway.paid(path, payer.voucher(249, 499));
    assertThat(less.statusCode()).isEqualTo(402);
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(250));
  }

  @Test
  void aLinkThatIsOverTakesNothingAtAnyGateway() throws SQLException {
    var path = link("250", ",\"expires_at\":\"2099-01-01T00:00:00Z\"");
    assertThat(second.send(HttpRequest.newBuilder(second.url(path))).statusCode()).isEqualTo(402);
    var id = path.substring("/pay/".length());

    var done = gateway.post(merchant, "/v1/payment_links/" + id + "/deactivate", "");

    assertThat(json(done).get("status").stringValue()).isEqualTo("inactive");
    var late = gateway.paid(path, payer.voucher(250, 250));
    assertThat(late.statusCode()).isEqualTo(410);
    assertThat(code(late)).isEqualTo("link-closed");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> second.send(HttpRequest.newBuilder(second.url(path))).statusCode() == 410);
    var expired = link("250", ",\"expires_at\":\"2099-01-01T00:00:00Z\"");
    try (var connection = database.connect();
        var statement =
            connection.prepareStatement(
                "UPDATE payment_link SET expires_at = now() WHERE id = ?")) {
      statement.setString(1, expired.substring("/pay/".length()));
      statement.executeUpdate();
    }
    assertThat(gateway.paid(expired, payer.voucher(250, 250)).statusCode()).isEqualTo(410);
    assertThat(gateway.hub.commands).isEmpty();
    assertThat(open("/pay/pl_" + "0".repeat(26), "*/*").statusCode()).isEqualTo(404);
    assertThat(open("/pay/" + id + "/more", "*/*").statusCode()).isEqualTo(404);
  }

  @Test
  void linksAreListedAndEndedByTheirMerchantOnly() {
    var shop = gateway.merchant();
    var path = json(make(shop, "{\"amount\":\"5\",\"metadata\":{\"order\":\"7\"}}"));
    var id = path.get("id").stringValue();
    assertThat(path.get("metadata").get("order").stringValue()).isEqualTo("7");
    assertThat(path.get("livemode").booleanValue()).isFalse();
    assertThat(path.get("decimals").intValue()).isEqualTo(6);
    assertThat(json(gateway.get(shop, "/v1/payment_links")).get("data").get(0)).isEqualTo(path);
    assertThat(gateway.get(merchant, "/v1/payment_links/" + id).statusCode()).isEqualTo(404);
    var ended = gateway.post(merchant, "/v1/payment_links/" + id + "/deactivate", "");
    assertThat(ended.statusCode()).isEqualTo(404);
    assertThat(open("/pay/" + id, "*/*").statusCode()).isEqualTo(402);
    assertThat(listed(shop, "active")).containsExactly(id);
    assertThat(listed(shop, "expired")).isEmpty();
    gateway.post(shop, "/v1/payment_links/" + id + "/deactivate", "");
    assertThat(listed(shop, "active")).isEmpty();
    assertThat(listed(shop, "inactive")).containsExactly(id);
    assertThat(listed(shop, "inactive&created%5Blt%5D=2020-01-01T00:00:00Z")).isEmpty();
    assertThat(listed(shop, "inactive&created%5Bgte%5D=2020-01-01T00:00:00Z")).containsExactly(id);
    var wrong = gateway.get(shop, "/v1/payment_links?status=paid");
    assertThat(json(wrong).get("param").stringValue()).isEqualTo("status");
    var log = json(gateway.get(shop, "/v1/audit_log")).get("data");
    assertThat(log.get(0).get("action").stringValue()).isEqualTo("deactivatePaymentLink");
    assertThat(log.get(1).get("action").stringValue()).isEqualTo("createPaymentLink");
    assertThat(log.get(1).get("object_id").stringValue()).isEqualTo(id);
  }

  /// Goal: whoever waits in vain for another's change has met no fault of ours, and comes again.
  @Test
  void whoWaitsTooLongForAnothersChangeIsToldToComeAgain() throws SQLException {
    var link = "/v1/payment_links/" + link("250", "").substring("/pay/".length());
    var route = "/v1/routes/" + second.route(merchant, "10", "").substring("/x/".length());
    var change = second.request("PATCH", route, merchant.key());
    change.method("PATCH", BodyPublishers.ofString("{\"price\":\"11\"}"));
    try (var other = database.connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE payment_link, route IN SHARE MODE");
      for (var answer :
          List.of(second.post(merchant, link + "/deactivate", ""), second.send(change))) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      }
    }
    assertThat(second.post(merchant, link + "/deactivate", "").statusCode()).isEqualTo(200);
    assertThat(second.send(change).statusCode()).isEqualTo(200);
  }

  private static List<String> listed(Account shop, String status) {
    var answer = gateway.get(shop, "/v1/payment_links?status=" + status);
    return json(answer).get("data").valueStream().map(it -> it.get("id").stringValue()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|amount",
        "{\"amount\":\"0\"}|amount",
        "{\"amount\":\"79228162514264337593543950336\"}|amount",
        "{\"amount\":5}|amount",
        "{\"amount\":\"5\",\"expires_at\":\"2020-01-01T00:00:00Z\"}|expires_at",
        "{\"amount\":\"5\",\"expires_at\":\"soon\"}|expires_at",
        "{\"amount\":\"5\",\"metadata\":{\"k\":null}}|metadata.k"
      })
  void aWrongFieldIsNamed(String body, String param) {
    var answer = make(merchant, body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("param").stringValue()).isEqualTo(param);
  }

  private static HttpResponse<String> open(String path, String accept) {
    return gateway.send(HttpRequest.newBuilder(gateway.url(path)).header("Accept", accept));
  }

  private static String link(String amount, String more) {
    var made = make(merchant, "{\"amount\":\"" + amount + "\"" + more + "}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return json(made).get("path").stringValue();
  }

  private static HttpResponse<String> make(Account by, String body) {
    return gateway.post(by, "/v1/payment_links", body);
  }
}
