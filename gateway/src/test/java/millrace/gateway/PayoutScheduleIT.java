package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import millrace.gateway.GatewayFixture.Account;
import millrace.protocol.type.Amount;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.node.ObjectNode;

/// Two gateways on one database, and one channel-service that both ask.
class PayoutScheduleIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "millrace.gateway.payout-schedule.least", "1000",
          "millrace.gateway.payout-schedule.poll", "50ms",
          "millrace.gateway.payout-schedule.check-every", "1h",
          "millrace.gateway.payout-schedule.pause", "100ms");
  private static GatewayFixture gateway;
  private static GatewayFixture second;
  private static JdbcClient jdbc;

  @BeforeAll
  static void start() throws IOException {
    var database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, SETTINGS);
    var same = new HashMap<>(SETTINGS);
    same.put("millrace.gateway.channel-service.url", gateway.hub.url());
    second = new GatewayFixture(database, same);
    jdbc = gateway.context.getBean(JdbcClient.class);
  }

  @AfterAll
  static void stop() {
    second.close();
    gateway.close();
  }

  @BeforeEach
  void reset() {
    gateway.hub.money.available = Amount.of(5_000);
    gateway.hub.money.payoutsAway = false;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"threshold\",\"amount\":\"1000000000\"}",
        "{\"type\":\"interval\",\"interval\":\"daily\"}",
        "{\"type\":\"interval\",\"interval\":\"weekly\"}",
        "{\"type\":\"interval\",\"interval\":\"monthly\"}",
        "{\"type\":\"manual\"}"
      })
  void aMerchantChoosesAndSeesWhenItIsPaid(String schedule) {
    var merchant = gateway.merchant();
    assertThat(json(gateway.get(merchant, "/v1/payout_schedule")).get("type").stringValue())
        .isEqualTo("manual");
    var chosen = choose(merchant, schedule);
    assertThat(chosen.statusCode()).as(chosen.body()).isEqualTo(200);
    var asked = (ObjectNode) GatewayFixture.JSON.readTree(schedule);
    assertThat(json(chosen))
        .isEqualTo(
            asked
                .put("object", "payout_schedule")
                .put("livemode", false)
                .put("asset", GatewayFixture.TERMS.token().address().toString())
                .put("decimals", 6));
    assertThat(json(gateway.get(merchant, "/v1/payout_schedule"))).isEqualTo(json(chosen));
    var shown = asOperator("/v1/merchants/" + merchant.id());
    assertThat(json(shown).get("payout_schedule")).isEqualTo(json(chosen));
    var listed = json(asOperator("/v1/merchants?limit=1")).get("data").get(0);
    assertThat(listed.get("payout_schedule")).isEqualTo(json(chosen));
  }

  @Test
  void theOperatorMayChooseForANewMerchant() {
    var made = make("{\"type\":\"interval\",\"interval\":\"weekly\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    var key = json(made).get("api_key").get("secret").stringValue();
    var schedule = json(gateway.get(new Account("", key), "/v1/payout_schedule"));
    assertThat(schedule.get("interval").stringValue()).isEqualTo("weekly");
    var refused = make("{\"type\":\"interval\",\"interval\":\"hourly\"}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).get("param").stringValue()).isEqualTo("payout_schedule.interval");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|type",
        "{\"type\":\"sometimes\"}|type",
        "{\"type\":\"threshold\"}|amount",
        "{\"type\":\"threshold\",\"amount\":\"0\"}|amount",
        "{\"type\":\"threshold\",\"amount\":\"999\"}|amount",
        "{\"type\":\"threshold\",\"amount\":1000}|amount",
        "{\"type\":\"threshold\",\"amount\":\"5000\",\"interval\":\"daily\"}|interval",
        "{\"type\":\"interval\"}|interval",
        "{\"type\":\"interval\",\"interval\":\"DAILY\"}|interval",
        "{\"type\":\"interval\",\"interval\":\"daily\",\"amount\":\"5000\"}|amount",
        "{\"type\":\"manual\",\"amount\":\"5000\"}|amount",
        "{\"type\":\"manual\",\"when\":\"now\"}|when"
      })
  void whatIsWrongWithAScheduleIsNamed(String schedule, String param) {
    var answer = choose(gateway.merchant(), schedule);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(json(answer).get("param").stringValue()).isEqualTo(param);
  }

  @Test
  void aKeyNeedsTheScopeOfPayouts() {
    var merchant = gateway.merchant();
    var made =
        gateway.post(merchant, "/v1/api_keys", "{\"name\":\"k\",\"scopes\":[\"payouts:read\"]}");
    var reader = new Account("", json(made).get("secret").stringValue());
    assertThat(gateway.get(reader, "/v1/payout_schedule").statusCode()).isEqualTo(200);
    var refused = choose(reader, "{\"type\":\"manual\"}");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(code(refused)).isEqualTo("missing-scope");
  }

  @Test
  void aPeriodIsPaidOnceHoweverManyGatewaysThereAreAndHoweverOftenTheyTry() {
    var merchant = gateway.merchant();
    choose(merchant, "{\"type\":\"interval\",\"interval\":\"daily\"}");
    assertThat(paid(merchant)).isZero();
    for (int attempt = 0; attempt < 3; attempt++) {
      becomesDue(merchant, "2026-01-05");
      awaitTurnEnded(merchant);
      assertThat(paid(merchant)).isEqualTo(1);
    }
    becomesDue(merchant, "2026-01-06");
    awaitTurnEnded(merchant);
    assertThat(paid(merchant)).isEqualTo(2);
    var payout = json(gateway.get(merchant, "/v1/payouts")).get("data").get(0);
    assertThat(payout.get("amount").stringValue()).isEqualTo("5000");
  }

  @Test
  void aMerchantCannotTakeAPeriodsName() {
    var merchant = gateway.merchant();
    var taken =
        gateway.send(
            gateway
                .request("POST", "/v1/payouts", merchant.key())
                .header("Idempotency-Key", "schedule daily 2026-01-05")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(taken.statusCode()).isEqualTo(400);
  }

  @Test
  void tooLittleIsLeftForTheNextPeriod() {
    gateway.hub.money.available = Amount.of(999);
    var merchant = gateway.merchant();
    choose(merchant, "{\"type\":\"interval\",\"interval\":\"monthly\"}");
    becomesDue(merchant, "2026-01-01");
    awaitTurnEnded(merchant);
    assertThat(paid(merchant)).isZero();
  }

  @Test
  void aThresholdIsPaidEachTimeItIsReachedAndNotBefore() {
    gateway.hub.money.available = Amount.of(3_999);
    var merchant = gateway.merchant();
    choose(merchant, "{\"type\":\"threshold\",\"amount\":\"4000\"}");
    awaitTurnEnded(merchant);
    assertThat(paid(merchant)).isZero();
    for (int times = 1; times <= 2; times++) {
      gateway.hub.money.available = Amount.of(4_000);
      becomesDue(merchant, "2026-01-05");
      awaitTurnEnded(merchant);
      assertThat(paid(merchant)).isEqualTo(times);
    }
  }

  @Test
  void aPayoutThatGotNoAnswerIsAskedForAgain() {
    gateway.hub.money.payoutsAway = true;
    var merchant = gateway.merchant();
    choose(merchant, "{\"type\":\"interval\",\"interval\":\"daily\"}");
    becomesDue(merchant, "2026-01-05");
    await("two tries").atMost(PATIENCE).until(() -> lease(merchant) >= 2);
    assertThat(paid(merchant)).isZero();
    gateway.hub.money.payoutsAway = false;
    awaitTurnEnded(merchant);
    assertThat(paid(merchant)).isEqualTo(1);
  }

  @Test
  void whoGoesBackToAskingIsNotPaidUnasked() {
    var merchant = gateway.merchant();
    choose(merchant, "{\"type\":\"interval\",\"interval\":\"daily\"}");
    choose(merchant, "{\"type\":\"manual\"}");
    becomesDue(merchant, "2026-01-05");
    var other = gateway.merchant();
    choose(other, "{\"type\":\"interval\",\"interval\":\"daily\"}");
    becomesDue(other, "2026-01-06");
    awaitTurnEnded(other);
    assertThat(paid(merchant)).isZero();
  }

  private static HttpResponse<String> choose(Account merchant, String schedule) {
    return gateway.send(
        gateway
            .request("PUT", "/v1/payout_schedule", merchant.key())
            .PUT(BodyPublishers.ofString(schedule)));
  }

  private static HttpResponse<String> make(String schedule) {
    var body =
        "{\"name\":\"Shop\",\"payout_address\":\"0x%s\",\"payout_schedule\":%s}"
            .formatted("1".repeat(40), schedule);
    return gateway.send(
        gateway
            .request("POST", "/v1/merchants", GatewayFixture.OPERATOR_KEY)
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> asOperator(String path) {
    return gateway.send(gateway.request("GET", path, GatewayFixture.OPERATOR_KEY));
  }

  private static int paid(Account merchant) {
    return gateway.hub.money.payoutCount(merchant.id());
  }

  /// As if that day had just begun.
  private static void becomesDue(Account merchant, String day) {
    jdbc.sql(
            """
            UPDATE payout_schedule SET due_at = ?::date AT TIME ZONE 'UTC'
             WHERE merchant_id = ?
            """)
        .params(day, merchant.id())
        .update();
  }

  private static void awaitTurnEnded(Account merchant) {
    await("the turn of " + merchant.id())
        .atMost(PATIENCE)
        .until(
            () ->
                jdbc.sql("SELECT due_at > now() FROM payout_schedule WHERE merchant_id = ?")
                    .param(merchant.id())
                    .query(Boolean.class)
                    .single());
  }

  private static long lease(Account merchant) {
    return jdbc.sql("SELECT lease FROM payout_schedule WHERE merchant_id = ?")
        .param(merchant.id())
        .query(Long.class)
        .single();
  }
}
