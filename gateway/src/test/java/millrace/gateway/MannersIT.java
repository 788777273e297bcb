package millrace.gateway;

import static millrace.gateway.GatewayFixture.OPERATOR;
import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import millrace.gateway.GatewayFixture.Account;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What holds for every request: its version, its repeats, its trace in the audit log.
class MannersIT {
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static GatewayFixture second;
  private static Account merchant;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway =
        new GatewayFixture(
            database,
            Map.of(
                "millrace.gateway.purge-every", "200ms",
                "millrace.gateway.upstream.allowed", "127.0.0.0/8"));
    second =
        new GatewayFixture(database, Map.of("millrace.gateway.payout-schedule.least", "2000000"));
    merchant = gateway.merchant();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    second.close();
  }

  @Test
  void aVersionThatIsNotServedIsRefusedBeforeAnythingHappens() {
    var fine = gateway.get(merchant, "/v1/balance");
    assertThat(fine.headers().firstValue("Millrace-Version")).contains("2026-11-29");
    for (var path : List.of("/v1/balance", "/v1/payments")) {
      var refused =
          gateway.send(
              gateway
                  .request("GET", path, merchant.key())
                  .header("Millrace-Version", "2020-01-01"));
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(code(refused)).isEqualTo("unknown-version");
      assertThat(json(refused).get("param").stringValue()).isEqualTo("Millrace-Version");
    }
    var named =
        gateway.send(
            gateway
                .request("GET", "/v1/balance", merchant.key())
                .header("Millrace-Version", "2026-11-29"));
    assertThat(named.statusCode()).isEqualTo(200);
  }

  @Test
  void aRepeatGetsTheSameAnswerAndMakesNothing() {
    var first = named(gateway, merchant, "k-1", "/v1/api_keys", "{\"name\":\"one\"}");
    var again = named(second, merchant, "k-1", "/v1/api_keys", "{ \"name\" : \"one\" }");
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(json(again)).isEqualTo(json(first));
    assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(json(again).get("secret").stringValue()).startsWith("sk_test_");
  }

  @Test
  void aKeyIsForOneRequestOfOneMerchant() {
    var other = gateway.merchant();
    assertThat(named(gateway, merchant, "k-2", "/v1/api_keys", "{\"name\":\"a\"}").statusCode())
        .isEqualTo(201);
    var different = named(gateway, merchant, "k-2", "/v1/api_keys", "{\"name\":\"b\"}");
    assertThat(different.statusCode()).isEqualTo(422);
    assertThat(code(different)).isEqualTo("idempotency-key-reused");
    assertThat(code(named(gateway, merchant, "k-2", "/v1/routes", route())))
        .isEqualTo("idempotency-key-reused");
    assertThat(named(gateway, other, "k-2", "/v1/api_keys", "{\"name\":\"b\"}").statusCode())
        .isEqualTo(201);
  }

  @Test
  void aRefusalIsNotRemembered() {
    var wrong = "{\"upstream_url\":\"" + gateway.upstream.url() + "\",\"price\":\"0\"}";
    assertThat(named(gateway, merchant, "k-3", "/v1/routes", wrong).statusCode()).isEqualTo(400);
    var right = named(gateway, merchant, "k-3", "/v1/routes", route());
    assertThat(right.statusCode()).isEqualTo(201);
    assertThat(named(second, merchant, "k-3", "/v1/routes", route()).body())
        .isEqualTo(right.body());
  }

  @Test
  void anAnswerIsKeptForThirtyDays() throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO idempotency
          SELECT 'mer_old', age, sha256(''), '', now() - age::interval
            FROM unnest(ARRAY['29 days 23 hours', '30 days 1 hour']) AS age
          """);
      await()
          .untilAsserted(
              () -> {
                var kept =
                    "SELECT string_agg(key, ', ') FROM idempotency WHERE merchant_id = 'mer_old'";
                try (var rows = statement.executeQuery(kept)) {
                  rows.next();
                  assertThat(rows.getString(1)).isEqualTo("29 days 23 hours");
                }
              });
    }
  }

  /// Goal: whoever asks again for what it did not hear of hears of it, though nobody could have it
  /// made any more.
  @Test
  void aRepeatThatComesAfterWhatItMadeHasExpiredGetsTheFirstAnswer() {
    var body = "{\"name\":\"brief\",\"expires_at\":\"" + Instant.now().plusSeconds(3) + "\"}";
    var key = named(gateway, merchant, "k-5", "/v1/api_keys", body);
    var link = body.replace("\"name\":\"brief\"", "\"amount\":\"5\"");
    var made = named(gateway, merchant, "k-6", "/v1/payment_links", link);
    assertThat(key.statusCode()).as(key.body()).isEqualTo(201);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    for (var path : List.of("/v1/api_keys/" + id(key), "/v1/payment_links/" + id(made))) {
      await()
          .until(
              () -> json(gateway.get(merchant, path)).get("status").asString().equals("expired"));
    }

    assertThat(named(second, merchant, "k-5", "/v1/api_keys", body).body()).isEqualTo(key.body());
    assertThat(named(second, merchant, "k-6", "/v1/payment_links", link).body())
        .isEqualTo(made.body());
    var late = named(gateway, merchant, "k-7", "/v1/api_keys", body);
    assertThat(json(late).get("param").stringValue()).isEqualTo("expires_at");
  }

  @Test
  void aRepeatGetsTheFirstAnswerWhereItWouldBeRefusedNow() {
    var shop = gateway.merchant();
    var route = "{\"upstream_url\":\"http://127.0.0.2/\",\"price\":\"5\"}";
    var hook = "{\"url\":\"http://127.0.0.2/\",\"events\":[\"payout.paid\"]}";
    var found =
        "{\"name\":\"Shop\",\"payout_address\":\"0x%s\",\"payout_schedule\":%s}"
            .formatted("2".repeat(40), "{\"type\":\"threshold\",\"amount\":\"1000000\"}");
    var path = "/v1/routes/" + id(twice(shop, "/v1/routes", route));
    twice(shop, "/v1/webhook_endpoints", hook);
    twice(OPERATOR, "/v1/merchants", found);
    var moved = named(gateway, shop, "k-8", "PATCH", path, route);
    assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
    assertThat(named(second, shop, "k-8", "PATCH", path, route).body()).isEqualTo(moved.body());

    assertThat(
            Stream.of(
                    named(second, shop, "k-9", "/v1/routes", route),
                    named(second, shop, "k-9", "PATCH", path, route),
                    named(second, shop, "k-9", "/v1/webhook_endpoints", hook),
                    named(second, OPERATOR, "k-9", "/v1/merchants", found))
                .map(fresh -> json(fresh).path("param").asString()))
        .containsExactly("upstream_url", "upstream_url", "url", "payout_schedule.amount");
  }

  @Test
  void aRepeatGetsTheFirstAnswerThoughWhatItIsAboutIsGone() {
    var shop = gateway.merchant();
    var hook = "{\"url\":\"http://127.0.0.2:1/\",\"events\":[\"payout.paid\"]}";
    var endpoint = "/v1/webhook_endpoints/" + id(gateway.post(shop, "/v1/webhook_endpoints", hook));
    var delivery = endpoint + "/deliveries/" + id(gateway.post(shop, endpoint + "/test", ""));
    var paths = List.of(endpoint + "/test", delivery + "/skip", delivery + "/resend");
    var first = paths.stream().map(path -> twice(shop, path, "")).toList();
    gateway.send(gateway.request("DELETE", endpoint, shop.key()));

    assertThat(paths.stream().map(path -> twice(shop, path, "").body()).toList())
        .isEqualTo(first.stream().map(HttpResponse::body).toList());
    for (var path : paths) assertThat(gateway.post(shop, path, "").statusCode()).isEqualTo(404);
  }

  @Test
  void anAnswerIsOnlyForWhoeverAsked() throws SQLException {
    var colleague =
        json(gateway.post(merchant, "/v1/api_keys", "{\"name\":\"colleague\"}"))
            .get("secret")
            .stringValue();
    var first = named(gateway, merchant, "k-4", "/v1/api_keys", "{\"name\":\"x\"}");
    var secret = json(first).get("secret").stringValue();
    var other = new Account(merchant.id(), colleague);
    var peek = named(gateway, other, "k-4", "/v1/api_keys", "{\"name\":\"x\"}");
    assertThat(peek.statusCode()).isEqualTo(422);
    assertThat(peek.body()).doesNotContain(secret);
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT row_to_json(i)::text FROM idempotency i")) {
      while (rows.next()) assertThat(rows.getString(1)).doesNotContain(secret.substring(8));
    }
  }

  /// Goal: however many equal requests come at once over two gateways, one thing is made, and who
  /// is not told of it is told to come again.
  @Test
  void aStormOfEqualRequestsMakesOneThing() {
    var shop = gateway.merchant();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 200; i++) {
        var replica = i % 2 == 0 ? gateway : second;
        answers.add(
            CompletableFuture.supplyAsync(
                () -> named(replica, shop, "storm", "/v1/routes", route()), threads));
      }
      var made = new HashSet<String>();
      for (var answer : answers) {
        var done = answer.join();
        assertThat(done.statusCode()).as(done.body()).isIn(201, 409, 503);
        if (done.statusCode() == 201) made.add(done.body());
        else assertThat(done.headers().firstValue("Retry-After")).isPresent();
      }
      assertThat(made).hasSize(1);
    }
    assertThat(json(gateway.get(shop, "/v1/routes")).get("data").size()).isEqualTo(1);
  }

  /// Goal: who repeats what was answered gets that answer, however many do so at once over two
  /// gateways, and although one of them is looking it up just then. Only who repeats what has no
  /// answer yet is told to come again. The one at work is a session of the test's own.
  @Test
  void manyAtOnceGetTheAnswerThatThereIs() throws Exception {
    var shop = gateway.merchant();
    var name = "idempotency " + shop.id() + " many";
    try (var _ = atWork(name)) {
      var early = named(gateway, shop, "many", "/v1/routes", route());
      assertThat(code(early)).isEqualTo("in-flight");
      assertThat(early.headers().firstValue("Retry-After")).isPresent();
    }
    var first = named(gateway, shop, "many", "/v1/routes", route());
    assertThat(first.statusCode()).isEqualTo(201);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var _ = atWork(name)) {
      var answers =
          IntStream.range(0, 16)
              .mapToObj(i -> i % 2 == 0 ? gateway : second)
              .map(
                  replica ->
                      threads.submit(() -> named(replica, shop, "many", "/v1/routes", route())))
              .toList();
      for (var answer : answers) {
        assertThat(answer.get().body()).isEqualTo(first.body());
        assertThat(answer.get().statusCode()).isEqualTo(201);
        assertThat(answer.get().headers().firstValue("Idempotent-Replayed")).contains("true");
      }
    }
    assertThat(json(gateway.get(shop, "/v1/routes")).get("data").size()).isEqualTo(1);
  }

  private static AutoCloseable atWork(String name) throws SQLException {
    var session = database.connect();
    session.setAutoCommit(false);
    var taking = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))";
    try (var lock = session.prepareStatement(taking)) {
      lock.setString(1, name);
      lock.execute();
    }
    return () -> {
      // PostgreSQL may notice only later that a session was closed, and keeps its locks until then.
      session.rollback();
      session.close();
    };
  }

  @Test
  void whatAKeyDidIsWrittenDown() {
    var shop = gateway.merchant();
    var keyId = json(gateway.get(shop, "/v1/api_keys")).get("data").get(0).get("id").stringValue();
    var made = gateway.post(shop, "/v1/routes", route());
    var id = json(made).get("id").stringValue();
    gateway.send(gateway.request("DELETE", "/v1/routes/" + id, shop.key()));
    gateway.post(shop, "/v1/routes", "{}");
    gateway.send(
        gateway
            .request("POST", "/v1/payouts", shop.key())
            .header("Idempotency-Key", "p")
            .POST(BodyPublishers.ofString("{\"amount\":\"5\"}")));
    var entries = entries(gateway.get(shop, "/v1/audit_log"));
    assertThat(entries.stream().map(entry -> entry.get("action").stringValue()))
        .containsExactly(
            "createPayout", "deleteRoute", "createRoute", "createMerchant", "createMerchant");
    assertThat(entries.get(2).get("actor").stringValue()).isEqualTo(keyId);
    assertThat(entries.get(2).get("object_id").stringValue()).isEqualTo(id);
    assertThat(entries.get(2).get("request_id").stringValue())
        .isEqualTo(made.headers().firstValue("Request-Id").orElseThrow());
    assertThat(entries.get(4).get("actor").stringValue()).isEqualTo("operator");
    assertThat(entries(gateway.get(shop, "/v1/audit_log?action=createRoute"))).hasSize(1);
    var at = entries.get(1).get("created_at").stringValue();
    assertThat(entries(gateway.get(shop, "/v1/audit_log?created%5Bgte%5D=" + at))).hasSize(2);
    assertThat(entries(gateway.get(shop, "/v1/audit_log?created%5Blt%5D=" + at))).hasSize(3);
    var admin =
        gateway.send(
            gateway.request("GET", "/v1/admin/audit_log?limit=100", GatewayFixture.OPERATOR_KEY));
    assertThat(admin.body()).contains(id, merchant.id());
    assertThat(gateway.get(merchant, "/v1/audit_log?limit=100").body()).doesNotContain(id);
  }

  @Test
  void aRepeatedRequestAboutAnEndpointChangesNothingMoreAndIsNoDeed() {
    var shop = gateway.merchant();
    var hook =
        "{\"url\":\"%s/hook\",\"events\":[\"payout.paid\"]}".formatted(gateway.upstream.url());
    var endpoint = json(twice(shop, "/v1/webhook_endpoints", hook)).get("id").stringValue();
    var path = "/v1/webhook_endpoints/" + endpoint;
    assertThat(json(gateway.get(shop, "/v1/webhook_endpoints")).get("data").size()).isEqualTo(1);
    var secret = json(twice(shop, path + "/rotate_secret", "")).get("secret").stringValue();
    assertThat(secret).startsWith("whsec_");
    var rotated = "twice" + (path + "/rotate_secret").hashCode();
    assertThat(code(named(gateway, shop, rotated, path + "/test", "")))
        .isEqualTo("idempotency-key-reused");
    var event = json(twice(shop, path + "/test", "")).get("id").stringValue();
    twice(shop, path + "/deliveries/" + event + "/resend", "");
    assertThat(gateway.post(shop, path + "/recover", "{\"after\":\"" + event + "\"}").statusCode())
        .isEqualTo(202);

    var entries = entries(gateway.get(shop, "/v1/audit_log"));

    assertThat(entries.stream().map(entry -> entry.get("action").stringValue()))
        .startsWith(
            "recoverWebhookEndpoint",
            "resendWebhookDelivery",
            "testWebhookEndpoint",
            "rotateWebhookSecret",
            "createWebhookEndpoint",
            "createMerchant");
    assertThat(entries.stream().limit(5).map(entry -> entry.get("object_id").stringValue()))
        .containsOnly(endpoint);
  }

  private static String id(HttpResponse<String> made) {
    return json(made).get("id").stringValue();
  }

  private static HttpResponse<String> twice(Account by, String path, String body) {
    var name = "twice" + path.hashCode();
    var first = named(gateway, by, name, path, body);
    var again = named(second, by, name, path, body);
    assertThat(first.statusCode()).as(first.body()).isIn(200, 201, 202);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    return first;
  }

  private static List<JsonNode> entries(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return StreamSupport.stream(json(answer).get("data").spliterator(), false).toList();
  }

  private static String route() {
    return "{\"upstream_url\":\"" + gateway.upstream.url() + "\",\"price\":\"5\"}";
  }

  private static HttpResponse<String> named(
      GatewayFixture replica, Account by, String name, String path, String body) {
    return named(replica, by, name, "POST", path, body);
  }

  private static HttpResponse<String> named(
      GatewayFixture replica, Account by, String name, String method, String path, String body) {
    return replica.send(
        replica
            .request(method, path, by.key())
            .header("Idempotency-Key", name)
            .method(method, BodyPublishers.ofString(body)));
  }
}
