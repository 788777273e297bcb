package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import millrace.gateway.GatewayFixture.Account;
import millrace.protocol.type.Amount;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds a key back beside its scopes, and how it changes hands.
class KeysIT {
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private Account merchant;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, Map.of());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void shop() {
    merchant = gateway.merchant();
    gateway.hub.money.available = Amount.of(5_000);
  }

  @Test
  void aKeyIsRestrictedByItsScopesOrMayDoEverything() {
    var restricted = made(merchant, "\"scopes\":[\"payments:read\"]");
    assertThat(restricted.key()).startsWith("rk_test_").hasSize(51);
    var secret = made(merchant, "\"metadata\":{\"team\":\"front\"}");
    assertThat(secret.key()).startsWith("sk_test_").hasSize(51);
    var shown = json(gateway.get(merchant, "/v1/api_keys/" + secret.id()));
    assertThat(shown.get("type").stringValue()).isEqualTo("secret");
    assertThat(shown.get("livemode").booleanValue()).isFalse();
    assertThat(shown.get("metadata").get("team").stringValue()).isEqualTo("front");
    assertThat(shown.has("secret")).isFalse();
    assertThat(gateway.get(secret, "/v1/balance").statusCode()).isEqualTo(200);
    assertThat(gateway.get(restricted, "/v1/balance").statusCode()).isEqualTo(403);
  }

  @Test
  void anExpiredKeyIsRefusedWithoutAnybodyRevokingIt() throws SQLException {
    var key =
        made(merchant, "\"scopes\":[\"payments:read\"],\"expires_at\":\"2099-01-01T00:00:00Z\"");
    sql("UPDATE api_key SET expires_at = now() - interval '1 ms' WHERE id = '" + key.id() + "'");
    var refused = gateway.get(key, "/v1/payments");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(code(refused)).isEqualTo("expired-api-key");
  }

  @Test
  void keysAreFoundByWhatTheyAreAndWhetherTheyAreOver() throws SQLException {
    var reader = made(merchant, "\"scopes\":[\"payments:read\"]");
    var over = made(merchant, "\"expires_at\":\"2099-01-01T00:00:00Z\"");
    sql("UPDATE api_key SET expires_at = now() - interval '1 ms' WHERE id = '" + over.id() + "'");
    assertThat(listed("type=restricted")).containsExactly(reader.id());
    assertThat(listed("type=secret")).hasSize(2).startsWith(over.id());
    assertThat(listed("status=expired")).containsExactly(over.id());
    assertThat(listed("status=active")).hasSize(2).startsWith(reader.id());
    assertThat(listed("type=restricted&status=expired")).isEmpty();
    assertThat(listed("created%5Blt%5D=2020-01-01T00:00:00Z")).isEmpty();
    assertThat(listed("created%5Bgte%5D=2020-01-01T00:00:00Z")).hasSize(3);
    var shown = json(gateway.get(merchant, "/v1/api_keys/" + over.id()));
    assertThat(shown.get("status").stringValue()).isEqualTo("expired");
  }

  private List<String> listed(String query) {
    var page = json(gateway.get(merchant, "/v1/api_keys?" + query));
    return page.get("data").valueStream().map(key -> key.get("id").stringValue()).toList();
  }

  @Test
  void aSpendLimitSaysWhatItIsCountedIn() {
    var limited = made(merchant, "\"daily_spend_limit\":\"100\"");
    var shown = json(gateway.get(merchant, "/v1/api_keys/" + limited.id()));
    assertThat(shown.get("asset").stringValue())
        .isEqualTo(GatewayFixture.TERMS.token().address().toString());
    assertThat(shown.get("decimals").intValue()).isEqualTo(6);
    var free = made(merchant, "\"requests_per_second\":5");
    assertThat(json(gateway.get(merchant, "/v1/api_keys/" + free.id())).has("asset")).isFalse();
  }

  @Test
  void aKeyIsOnlyGoodFromItsAddresses() {
    var here = made(merchant, "\"allowed_ips\":[\"127.0.0.0/8\",\"::1\"]");
    var elsewhere = made(merchant, "\"allowed_ips\":[\"203.0.113.7\"]");
    assertThat(gateway.get(here, "/v1/payments").statusCode()).isEqualTo(200);
    var refused = gateway.get(elsewhere, "/v1/payments");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(code(refused)).isEqualTo("ip-not-allowed");
  }

  @Test
  void aKeyMovesNoMoreInADayThanItMay() {
    var key = made(merchant, "\"daily_spend_limit\":\"100\"");
    assertThat(payout(key, "a", "\"60\"").statusCode()).isEqualTo(201);
    assertThat(payout(key, "a", "\"60\"").statusCode()).as("a repeat").isEqualTo(200);
    assertThat(code(payout(key, "a", "\"61\""))).isEqualTo("idempotency-key-reused");
    var refused = payout(key, "b", "\"41\"");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(code(refused)).isEqualTo("spend-limit-reached");
    assertThat(payout(key, "c", "\"40\"").statusCode()).isEqualTo(201);
    assertThat(ask(key, "d", "{}").statusCode()).as("everything").isEqualTo(400);
    assertThat(payout(merchant, "e", "\"500\"").statusCode()).as("another key").isEqualTo(201);
  }

  @Test
  void whatTheLedgerRefusesIsNotSpent() {
    var key = made(merchant, "\"daily_spend_limit\":\"10000\"");
    assertThat(code(payout(key, "a", "\"9000\""))).isEqualTo("insufficient-funds");
    gateway.hub.money.payoutsAway = true;
    try {
      assertThat(payout(key, "b", "\"2000\"").statusCode()).as("unknown").isEqualTo(503);
    } finally {
      gateway.hub.money.payoutsAway = false;
    }
    assertThat(code(payout(key, "c", "\"8001\""))).isEqualTo("spend-limit-reached");
    assertThat(code(payout(key, "b", "\"3000\""))).isEqualTo("idempotency-key-reused");
    assertThat(payout(key, "b", "\"2000\"").statusCode()).as("it resolves").isEqualTo(201);
  }

  @Test
  void manyAtOnceMoveNoMoreThanTheLimit() {
    var key = made(merchant, "\"daily_spend_limit\":\"100\"");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 0; i < 20; i++) {
        var name = "storm-" + i;
        answers.add(
            CompletableFuture.supplyAsync(() -> payout(key, name, "\"30\"").statusCode(), threads));
      }
      assertThat(answers.stream().map(CompletableFuture::join).filter(status -> status == 201))
          .hasSize(3);
    }
    assertThat(gateway.hub.money.payoutCount(merchant.id())).isEqualTo(3);
  }

  /// Goal: whoever comes while another request of the key is counted waits, and counts it too.
  @Test
  void whatIsBeingCountedCountsForWhoComesMeanwhile() throws SQLException {
    var key = made(merchant, "\"daily_spend_limit\":\"100\"");
    assertThat(payout(key, "first", "\"10\"").statusCode()).isEqualTo(201);
    try (var other = database.connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM api_key WHERE id = '" + key.id() + "' FOR UPDATE");
      var late = CompletableFuture.supplyAsync(() -> payout(key, "late", "\"30\""));
      await()
          .until(
              () -> {
                try (var rows = statement.executeQuery("SELECT FROM pg_locks WHERE NOT granted")) {
                  return rows.next();
                }
              });
      statement.execute(
          """
          INSERT INTO key_spend (key_id, kind, request, merchant_id, day, amount)
          SELECT key_id, kind, 'meanwhile', merchant_id, day, 70 FROM key_spend
           WHERE key_id = '%s'
          """
              .formatted(key.id()));
      other.commit();
      assertThat(code(late.join())).isEqualTo("spend-limit-reached");
    }
  }

  @Test
  void aRotatedKeyHasBothSecretsForAWhile() throws SQLException {
    var old = made(merchant, "\"scopes\":[\"payments:read\"]");
    var rotated = rotate(merchant, old.id(), "{\"overlap_seconds\":3600}");
    assertThat(rotated.statusCode()).isEqualTo(200);
    assertThat(json(rotated).get("id").stringValue()).isEqualTo(old.id());
    var fresh = new Account(old.id(), json(rotated).get("secret").stringValue());
    assertThat(fresh.key()).isNotEqualTo(old.key());
    assertThat(gateway.get(old, "/v1/payments").statusCode()).isEqualTo(200);
    assertThat(gateway.get(fresh, "/v1/payments").statusCode()).isEqualTo(200);

    var third = rotate(merchant, old.id(), "{\"overlap_seconds\":0}");
    assertThat(gateway.get(old, "/v1/payments").statusCode()).as("the oldest").isEqualTo(401);
    assertThat(code(gateway.get(fresh, "/v1/payments"))).isEqualTo("expired-api-key");
    var newest = new Account(old.id(), json(third).get("secret").stringValue());
    assertThat(gateway.get(newest, "/v1/payments").statusCode()).isEqualTo(200);
  }

  /// Its use is noted by whoever read it before.
  @Test
  void aKeyThatIsRevokedWhileItIsUsedStaysRevoked() throws SQLException {
    var key = made(merchant, "\"scopes\":[\"payments:read\"]");
    meanwhile(
        "UPDATE api_key SET revoked_at = now() WHERE id = '" + key.id() + "'",
        () -> gateway.get(key, "/v1/payments"));
    assertThat(gateway.get(merchant, "/v1/api_keys/" + key.id()).statusCode()).isEqualTo(404);
  }

  @Test
  void aRouteThatIsRemovedWhileItIsChangedStaysRemoved() throws SQLException {
    var route = "/v1/routes/" + gateway.route(merchant, "10", "").substring("/x/".length());
    var change =
        gateway
            .request("PATCH", route, merchant.key())
            .method("PATCH", BodyPublishers.ofString("{\"price\":\"12\"}"));
    meanwhile("UPDATE route SET deleted_at = now()", () -> gateway.send(change));
    assertThat(gateway.get(merchant, route).statusCode()).isEqualTo(404);
  }

  /// The request has read what the statement changes and waits to write when that is committed.
  private static void meanwhile(String statement, Supplier<HttpResponse<String>> request)
      throws SQLException {
    try (var other = database.connect();
        var change = other.createStatement()) {
      other.setAutoCommit(false);
      change.execute(statement);
      var answer = CompletableFuture.supplyAsync(request);
      var waits = "SELECT count(*) FROM pg_locks WHERE NOT granted";
      await()
          .until(
              () -> {
                try (var found = change.executeQuery(waits)) {
                  return found.next() && found.getInt(1) > 0;
                }
              });
      other.commit();
      assertThat(answer).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void nobodyGetsAtASecretThatMayDoMore() {
    var keeper = made(merchant, "\"scopes\":[\"keys:write\",\"payments:read\"]");
    var payer = made(merchant, "\"scopes\":[\"payouts:write\"]");
    var reader = made(merchant, "\"scopes\":[\"payments:read\"]");
    assertThat(rotate(keeper, payer.id(), "").statusCode()).isEqualTo(403);
    assertThat(rotate(keeper, reader.id(), "").statusCode()).isEqualTo(200);
    assertThat(rotate(keeper, keeper.id(), "").statusCode()).isEqualTo(200);
    assertThat(gateway.post(keeper, "/v1/api_keys", "{\"name\":\"all\"}").statusCode())
        .isEqualTo(403);
    var limited = made(merchant, "\"daily_spend_limit\":\"5\"");
    assertThat(gateway.post(limited, "/v1/api_keys", "{\"name\":\"free\"}").statusCode())
        .isEqualTo(403);
    assertThat(rotate(limited, payer.id(), "").statusCode()).isEqualTo(403);
    assertThat(rotate(limited, limited.id(), "").statusCode()).isEqualTo(200);
    assertThat(rotate(gateway.merchant(), payer.id(), "").statusCode()).isEqualTo(404);
  }

  @Test
  void whoeverAsksTooOftenIsToldWhenToComeBack() {
    var key = made(merchant, "\"requests_per_second\":3");
    HttpResponse<String> refused = gateway.get(key, "/v1/payments");
    assertThat(refused.headers().firstValue("RateLimit-Policy")).contains("\"key\";q=3;w=1");
    assertThat(refused.headers().firstValue("RateLimit")).contains("\"key\";r=2;t=1");
    for (int i = 0; i < 1_000 && refused.statusCode() != 429; i++) {
      refused = gateway.get(key, "/v1/payments");
    }
    assertThat(code(refused)).isEqualTo("too-many-requests");
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(gateway.get(merchant, "/v1/payments").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"allowed_ips\":[\"127.0.0.1\",\"shop.example\"]|allowed_ips[1]",
        "\"allowed_ips\":[\"127.0.0.1/33\"]|allowed_ips[0]",
        "\"allowed_ips\":[]|allowed_ips",
        "\"expires_at\":\"2001-01-01T00:00:00Z\"|expires_at",
        "\"expires_at\":\"soon\"|expires_at",
        "\"expires_at\":\"+300000-01-01T00:00:00Z\"|expires_at",
        "\"daily_spend_limit\":\"-1\"|daily_spend_limit",
        "\"requests_per_second\":0|requests_per_second",
        "\"scopes\":[]|scopes",
        "\"scopes\":[\"payments:steal\"]|scopes[0]",
        "\"livemode\":true|livemode"
      })
  void aWrongLimitIsNamed(String field, String param) {
    var answer = gateway.post(merchant, "/v1/api_keys", "{\"name\":\"k\"," + field + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer).get("param").stringValue()).isEqualTo(param);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sk_test_", "rk_test_"})
  void aHubOfAPublicNetworkTakesNoTestKeys(String prefix) throws IOException {
    var live =
        Map.<String, Object>of(
            "millrace.hub.chain-id", "8453", "millrace.gateway.upstream.allowed", "");
    try (var hub = new GatewayFixture(TestPostgres.freshDatabase(), live)) {
      var shop = hub.merchant();
      assertThat(shop.key()).startsWith("sk_live_");
      assertThat(
              json(hub.get(shop, "/v1/api_keys")).get("data").get(0).get("livemode").booleanValue())
          .isTrue();
      var test = new Account(shop.id(), prefix + shop.key().substring(8));
      var refused = hub.get(test, "/v1/payments");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("Test keys are for dev chains");
    }
  }

  private static Account made(Account by, String fields) {
    var made = gateway.post(by, "/v1/api_keys", "{\"name\":\"k\"," + fields + "}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new Account(json(made).get("id").stringValue(), json(made).get("secret").stringValue());
  }

  private static HttpResponse<String> rotate(Account by, String id, String body) {
    return gateway.post(by, "/v1/api_keys/" + id + "/rotate", body);
  }

  private static HttpResponse<String> payout(Account by, String name, String amount) {
    return ask(by, name, "{\"amount\":" + amount + "}");
  }

  private static HttpResponse<String> ask(Account by, String name, String body) {
    return gateway.send(
        gateway
            .request("POST", "/v1/payouts", by.key())
            .header("Idempotency-Key", name)
            .POST(BodyPublishers.ofString(body)));
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = database.connect();
        var made = connection.createStatement()) {
      made.execute(statement);
    }
  }
}
