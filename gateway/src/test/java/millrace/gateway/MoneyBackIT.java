package millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.RefusalReason;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// What a merchant says to the API about refunds, payouts that it wants back, and fees. What
/// becomes of the money is tested where it is.
class MoneyBackIT {
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static Account merchant;
  private static int number;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    var options = "spring.datasource.hikari.data-source-properties.options";
    gateway = new GatewayFixture(database, Map.of(options, "-c lock_timeout=1000"));
    merchant = gateway.merchant();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void reset() {
    gateway.hub.forget();
    gateway.hub.money.promised = false;
    gateway.hub.money.busy = false;
    gateway.hub.money.notOnChain = Optional.empty();
  }

  @Test
  void aRefundNeedsAKeyAndIsMadeOnce() {
    var payment = paid();
    var body = "{\"payment\":\"" + payment + "\",\"amount\":\"4\"}";
    assertThat(gateway.post(merchant, "/v1/refunds", body).statusCode()).isEqualTo(400);

    var first = post(merchant, "/v1/refunds", "refund-1", body);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(json(first).get("object").stringValue()).isEqualTo("refund");
    assertThat(json(first).get("status").stringValue()).isEqualTo("succeeded");
    assertThat(json(first).get("payment").stringValue()).isEqualTo(payment);
    var again = post(merchant, "/v1/refunds", "refund-1", body);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    var other = post(merchant, "/v1/refunds", "refund-1", body.replace("4", "5"));
    assertThat(other.statusCode()).isEqualTo(422);

    var id = json(first).get("id").stringValue();
    assertThat(json(gateway.get(merchant, "/v1/refunds/" + id))).isEqualTo(json(first));
    var listed = json(gateway.get(merchant, "/v1/refunds")).get("data");
    assertThat(listed.get(0)).isEqualTo(json(first));
  }

  /// Goal: whoever is told that the same request is under way hears when to come back, and its key
  /// is still good for the answer.
  @Test
  void whatIsAskedForJustNowIsToldSo() {
    var refund = "{\"payment\":\"" + paid() + "\",\"amount\":\"4\"}";
    var payout = "{\"amount\":\"5\"}";
    for (var order : Map.of("/v1/refunds", refund, "/v1/payouts", payout).entrySet()) {
      isToldSo(order.getKey(), order.getValue(), 201);
    }
    var asked = json(post(merchant, "/v1/payouts", "to-cancel", payout));
    isToldSo("/v1/payouts/" + asked.get("id").stringValue() + "/cancel", "", 200);
  }

  private static void isToldSo(String path, String body, int done) {
    gateway.hub.money.busy = true;
    var meanwhile = post(merchant, path, "busy", body);
    assertThat(meanwhile.statusCode()).as(meanwhile.body()).isEqualTo(409);
    assertThat(code(meanwhile)).isEqualTo("in-flight");
    assertThat(meanwhile.headers().firstValue("Retry-After")).isPresent();
    gateway.hub.money.busy = false;
    assertThat(post(merchant, path, "busy", body).statusCode()).isEqualTo(done);
  }

  @Test
  void aPayoutOfNothingIsAMistakeAndNamed() {
    var nothing = post(merchant, "/v1/payouts", "nothing", "{\"amount\":\"0\"}");
    assertThat(nothing.statusCode()).isEqualTo(400);
    assertThat(code(nothing)).isEqualTo("invalid-request");
    assertThat(json(nothing).get("param").stringValue()).isEqualTo("amount");
  }

  /// Goal: notes come back with what they were made on, and other notes are another request.
  @Test
  void whatIsNotedOnRefundsAndPayoutsComesBackWithThem() {
    var refund = "{\"payment\":\"" + paid() + "\",\"amount\":\"4\"";
    for (var order : Map.of("/v1/refunds", refund, "/v1/payouts", "{\"amount\":\"5\"").entrySet()) {
      var path = order.getKey();
      var noted = order.getValue() + ",\"metadata\":{\"why\":\"late\"}}";
      var first = post(merchant, path, "noted", noted);
      assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
      assertThat(json(first).get("metadata").toString()).isEqualTo("{\"why\":\"late\"}");
      assertThat(post(merchant, path, "noted", noted).body()).isEqualTo(first.body());
      var others = post(merchant, path, "noted", noted.replace("late", "lost"));
      assertThat(others.statusCode()).isEqualTo(422);
      assertThat(json(others).get("param").stringValue()).isEqualTo("Idempotency-Key");
      assertThat(post(merchant, path, "noted", order.getValue() + "}").statusCode()).isEqualTo(422);

      var shown = json(gateway.get(merchant, path + "/" + json(first).get("id").stringValue()));
      assertThat(shown).isEqualTo(json(first));
      var listed = json(gateway.get(merchant, path)).get("data").get(0);
      assertThat(listed).isEqualTo(json(first));
    }
  }

  /// Goal: the money has moved and our own store fails; nobody is told that nothing happened, and
  /// the same request again has the answer.
  @Test
  void whatMovedMoneyAndCannotBeNotedIsInDoubt() throws SQLException {
    var refund = "{\"payment\":\"" + paid() + "\",\"amount\":\"4\"";
    for (var order : Map.of("/v1/refunds", refund, "/v1/payouts", "{\"amount\":\"5\"").entrySet()) {
      var noted = order.getValue() + ",\"metadata\":{\"why\":\"late\"}}";
      try (var other = locking("note")) {
        var unknown = post(merchant, order.getKey(), "unnoted", noted);
        assertThat(unknown.statusCode()).isEqualTo(503);
        assertThat(code(unknown)).isEqualTo("outcome-unknown");
        other.rollback();
      }
      var known = post(merchant, order.getKey(), "unnoted", noted);
      assertThat(known.statusCode()).as(known.body()).isEqualTo(200);
      assertThat(json(known).get("metadata").toString()).isEqualTo("{\"why\":\"late\"}");
    }
  }

  @Test
  void whatALimitedKeyMovedAndCannotBeCountedIsInDoubt() throws SQLException {
    var till = till("[\"payouts:write\"]");
    var locks = new ArrayList<Connection>();
    gateway.hub.money.meanwhile = () -> locks.add(locking("key_spend"));
    var unknown = post(till, "/v1/payouts", "uncounted", "{\"amount\":\"5\"}");
    gateway.hub.money.meanwhile = () -> {};
    for (var lock : locks) lock.close();
    assertThat(code(unknown)).isEqualTo("outcome-unknown");
    assertThat(post(till, "/v1/payouts", "uncounted", "{\"amount\":\"5\"}").statusCode())
        .isEqualTo(200);
    var more = post(till, "/v1/payouts", "another", "{\"amount\":\"3\"}");
    assertThat(code(more)).isEqualTo("spend-limit-reached");
  }

  private static Connection locking(String table) {
    try {
      var connection = database.connect();
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("LOCK TABLE " + table);
      }
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// With a limit of 7 a day.
  private static Account till(String scopes) {
    var made =
        gateway.post(
            merchant,
            "/v1/api_keys",
            "{\"name\":\"till\",\"scopes\":" + scopes + ",\"daily_spend_limit\":\"7\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new Account(merchant.id(), json(made).get("secret").stringValue());
  }

  /// Goal: each filter leaves out what it should, and a wrong one is named.
  @Test
  void refundsAndPayoutsAreFoundByStateTimeAndPayment() {
    var shop = gateway.merchant();
    var payment = paid(shop);
    var body = "{\"payment\":\"" + payment + "\",\"amount\":\"4\"}";
    var refund = json(refund(shop, body));
    var payout = json(post(shop, "/v1/payouts", "now", "{\"amount\":\"5\"}"));
    for (var made : List.of(refund, payout)) {
      var list = "/v1/" + made.get("object").stringValue() + "s?";
      var state = made.get("status").stringValue();
      var at = URLEncoder.encode(made.get("created_at").stringValue(), UTF_8);
      assertThat(listed(shop, list + "status=" + state)).containsExactly(made);
      assertThat(listed(shop, list + "status=failed")).isEmpty();
      assertThat(listed(shop, list + "created%5Bgte%5D=" + at)).containsExactly(made);
      assertThat(listed(shop, list + "created%5Blt%5D=" + at)).isEmpty();
      assertThat(param(shop, list + "status=unheard")).isEqualTo("status");
    }
    assertThat(listed(shop, "/v1/refunds?payment=" + payment)).containsExactly(refund);
    assertThat(listed(shop, "/v1/refunds?payment=" + paid(shop))).isEmpty();
    assertThat(param(shop, "/v1/refunds?payment=five")).isEqualTo("payment");
  }

  @Test
  void aRefundThatCannotBeIsRefusedByName() {
    var payment = paid();
    var tooMuch = refund(merchant, "{\"payment\":\"" + payment + "\",\"amount\":\"11\"}");
    assertThat(tooMuch.statusCode()).isEqualTo(422);
    assertThat(code(tooMuch)).isEqualTo("refund-too-large");
    var nothing = refund(merchant, "{\"payment\":\"" + payment + "\",\"amount\":\"0\"}");
    assertThat(nothing.statusCode()).isEqualTo(400);
    var theirs = refund(gateway.merchant(), "{\"payment\":\"" + payment + "\"}");
    assertThat(theirs.statusCode()).isEqualTo(404);
    assertThat(refund(merchant, "{\"payment\":\"nonsense\"}").statusCode()).isEqualTo(404);
  }

  @Test
  void aRefundOnChainNamesItsTransactionAndIsAnotherThanOneAsCredit() {
    var body = "{\"payment\":\"" + paid() + "\",\"amount\":\"4\",\"method\":\"on_chain\"}";
    var first = post(merchant, "/v1/refunds", "on-chain-1", body);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(json(first).get("method").stringValue()).isEqualTo("on_chain");
    assertThat(json(first).get("transaction").stringValue()).startsWith("0x");
    assertThat(post(merchant, "/v1/refunds", "on-chain-1", body).statusCode()).isEqualTo(200);
    var credit = post(merchant, "/v1/refunds", "on-chain-1", body.replace("on_chain", "credit"));
    assertThat(code(credit)).isEqualTo("idempotency-key-reused");
    var other =
        json(post(merchant, "/v1/refunds", "on-chain-2", body.replace("on_chain", "credit")));
    assertThat(other.get("method").stringValue()).isEqualTo("credit");
    assertThat(other.path("transaction").isMissingNode() || other.get("transaction").isNull())
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = RefusalReason.class,
      names = {
        "REFUND_NO_BALANCE",
        "SHORTFALL",
        "NOT_FUNDED",
        "WITHDRAWAL_PENDING",
        "REFUND_AMOUNT_INVALID"
      })
  void whatCannotBeSentOnChainIsRefusedByNameAndMayBeCredit(RefusalReason reason) {
    var body = "{\"payment\":\"" + paid() + "\",\"method\":\"on_chain\"}";
    gateway.hub.money.notOnChain = Optional.of(reason);
    var refused = refund(merchant, body);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(code(refused)).isEqualTo("refund-not-on-chain");
    assertThat(json(refused).get("param").stringValue()).isEqualTo("method");
    assertThat(json(refused).get("detail").stringValue()).contains("credit");
    assertThat(refund(merchant, body.replace("on_chain", "credit")).statusCode()).isEqualTo(201);
  }

  @Test
  void nothingIsSentOnChainWithoutNewsOfTheChain() {
    gateway.hub.money.notOnChain = Optional.of(RefusalReason.CHAIN_STALE);
    var body = "{\"payment\":\"" + paid() + "\",\"method\":\"on_chain\"}";
    var refused = refund(merchant, body);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    gateway.hub.money.notOnChain = Optional.empty();
    assertThat(refund(merchant, body.replace("on_chain", "by_post")).statusCode()).isEqualTo(400);
  }

  @Test
  void aRefundCountsAgainstWhatAKeyMayMove() {
    var till = till("[\"payments:read\",\"payments:write\"]");
    var payment = paid();
    var five = "{\"payment\":\"" + payment + "\",\"amount\":\"5\"}";
    var onChain = five.replace("}", ",\"method\":\"on_chain\"}");
    assertThat(refund(till, onChain).statusCode()).isEqualTo(201);
    var more = refund(till, five);
    assertThat(more.statusCode()).as(more.body()).isGreaterThanOrEqualTo(400);
    assertThat(code(more)).isEqualTo("spend-limit-reached");
    var everything = refund(till, "{\"payment\":\"" + payment + "\"}");
    assertThat(everything.statusCode()).isEqualTo(400);
  }

  @Test
  void aPendingPayoutIsCanceledAndOneOnItsWayIsNot() {
    var first = payout();
    var canceled = gateway.post(merchant, "/v1/payouts/" + first + "/cancel", "");
    assertThat(canceled.statusCode()).as(canceled.body()).isEqualTo(200);
    assertThat(json(canceled).get("status").stringValue()).isEqualTo("canceled");

    gateway.hub.money.promised = true;
    var late = gateway.post(merchant, "/v1/payouts/" + payout() + "/cancel", "");
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(code(late)).isEqualTo("payout-not-pending");
    assertThat(gateway.post(merchant, "/v1/payouts/nonsense/cancel", "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void theOperatorSetsAFeeAndTheMerchantSeesIt() {
    var path = "/v1/merchants/" + merchant.id() + "/fee";
    assertThat(json(gateway.get(merchant, "/v1/fee")).get("flat").stringValue()).isEqualTo("0");
    var set = put(path, "{\"flat\":\"5\",\"basis_points\":250}");
    assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    var fee = json(gateway.get(merchant, "/v1/fee"));
    assertThat(fee.get("flat").stringValue()).isEqualTo("5");
    assertThat(fee.get("basis_points").intValue()).isEqualTo(250);

    var tooMuch = put(path, "{\"flat\":\"5\",\"basis_points\":10001}");
    assertThat(tooMuch.statusCode()).isEqualTo(400);
    assertThat(json(tooMuch).get("param").stringValue()).isEqualTo("basis_points");
    var nobody = "/v1/merchants/mer_" + "0".repeat(26) + "/fee";
    assertThat(put(nobody, "{\"flat\":\"5\",\"basis_points\":0}").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> refund(Account who, String body) {
    return post(who, "/v1/refunds", "refund-" + System.nanoTime(), body);
  }

  private static HttpResponse<String> post(Account who, String path, String key, String body) {
    return gateway.send(
        gateway
            .request("POST", path, who.key())
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> put(String path, String body) {
    return gateway.send(
        gateway
            .request("PUT", path, GatewayFixture.OPERATOR_KEY)
            .PUT(BodyPublishers.ofString(body)));
  }

  private static String payout() {
    var made = post(merchant, "/v1/payouts", "payout-" + ++number, "{\"amount\":\"5\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return json(made).get("id").stringValue();
  }

  private static List<JsonNode> listed(Account who, String path) {
    var answer = gateway.get(who, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer).get("data").valueStream().toList();
  }

  private static String param(Account who, String path) {
    var answer = gateway.get(who, path);
    assertThat(answer.statusCode()).isEqualTo(400);
    return json(answer).get("param").stringValue();
  }

  private static String paid() {
    return paid(merchant);
  }

  private static String paid(Account shop) {
    var made =
        gateway.post(
            shop,
            "/v1/payments",
            """
            {"payment_signature":"%s","amount":"10","resource":{"url":"http://shop.example/7"}}
            """
                .formatted(Payer.fresh().voucher(10, 10)));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return json(made).get("id").stringValue();
  }
}
