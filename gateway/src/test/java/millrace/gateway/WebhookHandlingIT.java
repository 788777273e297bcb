package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a merchant can do about its endpoints and about messages that did not arrive, and what it
/// sees of them.
class WebhookHandlingIT {
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static TestEvents events;

  private Shop shop;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway =
        new GatewayFixture(
            database,
            Map.of(
                "millrace.gateway.webhooks.retry-delays", "100ms,1h",
                // Long, so that a busy machine is not taken for a silent server or a dead sender,
                // and told the same twice.
                "millrace.gateway.webhooks.timeout", "20s",
                "millrace.gateway.webhooks.lease", "20s",
                "millrace.gateway.webhooks.poll", "50ms",
                "millrace.gateway.webhooks.failing-after", "1s",
                "millrace.gateway.webhooks.probe", "1s",
                "millrace.gateway.webhooks.look-after", "200ms"));
    events = new TestEvents();
  }

  @AfterAll
  static void stop() {
    events.close();
    gateway.close();
  }

  @BeforeEach
  void newMerchant() {
    shop = new Shop(gateway);
  }

  @Test
  void afterARotationMessagesAreSignedWithBothSecrets() throws WebhookVerificationException {
    var made = shop.endpoint("\"payment.succeeded\"", "");
    var rotated = shop.act(Shop.id(made), "rotate_secret", "");
    assertThat(rotated.get("secret")).isNotEqualTo(made.get("secret"));
    assertThat(Instant.parse(rotated.get("previous_keys_until").stringValue()))
        .isBetween(
            Instant.now().plus(Duration.ofHours(23)), Instant.now().plus(Duration.ofHours(25)));
    events.publish(shop.paid(10));

    var request = shop.told(1).getFirst();

    for (var secret : List.of(made.get("secret"), rotated.get("secret"))) {
      new Webhook(secret.stringValue()).verify(request.body(), Shop.lowerCase(request.headers()));
    }
  }

  @Test
  void anEndpointIsChangedAndSwitchedOffAndOn() {
    var notes = ",\"metadata\":{\"team\":\"orders\",\"stage\":\"1\"}";
    var endpoint = Shop.id(shop.endpoint("\"payout.paid\"", ",\"description\":\"one\"" + notes));
    var changed =
        shop.patch(
            endpoint,
            "{\"events\":[\"payment.succeeded\"],\"signatures\":[\"v1\",\"v1a\"],"
                + "\"metadata\":{\"stage\":\"\",\"shop\":\"7\"},"
                + "\"description\":\"two\",\"enabled\":false}");
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(json(changed).get("status").stringValue()).isEqualTo("disabled");
    assertThat(json(changed).get("description").stringValue()).isEqualTo("two");
    assertThat(json(changed).get("metadata").toString())
        .isEqualTo("{\"shop\":\"7\",\"team\":\"orders\"}");
    events.publish(shop.paid(10));
    shop.awaitEvents(1);
    shop.patch(endpoint, "{\"enabled\":true}");
    events.publish(shop.paid(20));

    var request = shop.told(1).getFirst();

    assertThat(Shop.data(request, "amount")).isEqualTo("20");
    assertThat(request.headers().getFirst("webhook-signature")).matches("v1,\\S+ v1a,\\S+");
    assertThat(code(shop.patch(endpoint, "{\"url\":\"https://10.0.0.1/\"}")))
        .isEqualTo("address-not-allowed");
    assertThat(shop.patch(endpoint, "{\"events\":[]}").statusCode()).isEqualTo(400);
  }

  @Test
  void whatAnEndpointMissedComesWhenItIsAskedFor() {
    var endpoint = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    shop.patch(endpoint, "{\"enabled\":false}");
    var since = Instant.now().minusSeconds(60);
    for (int amount = 1; amount <= 5; amount++) events.publish(shop.paid(amount));
    shop.awaitEvents(5);
    shop.patch(endpoint, "{\"enabled\":true}");

    var recovered = shop.act(endpoint, "recover", "{\"since\":\"" + since + "\"}");

    assertThat(recovered.get("queued").intValue()).isEqualTo(5);
    assertThat(Shop.amounts(shop.told(5))).containsExactly("1", "2", "3", "4", "5");
    await().until(() -> shop.delivered(endpoint) == 5);
    assertThat(
            shop.act(endpoint, "recover", "{\"since\":\"" + since + "\"}").get("queued").intValue())
        .isZero();

    var third = Shop.id(shop.told(5).get(2));
    gateway.upstream.reset();
    shop.act(endpoint, "recover", "{\"after\":\"" + third + "\",\"delivered\":true}");

    assertThat(Shop.amounts(shop.told(2))).containsExactly("4", "5");
    assertThat(code(shop.post(endpoint, "recover", "{}"))).isEqualTo("invalid-request");
    assertThat(code(shop.post(endpoint, "recover", "{\"after\":\"evt_" + "0".repeat(26) + "\"}")))
        .isEqualTo("invalid-request");
  }

  @Test
  void deliveriesAreFoundByWhatTheyToldAndWhen() {
    var endpoint = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    shop.act(endpoint, "test", "");
    events.publish(shop.paid(10));
    shop.told(1);
    var test = shop.list(endpoint, "?type=endpoint.test");
    assertThat(test).hasSize(1);
    assertThat(shop.list(Shop.id(shop.endpoint("\"payout.paid\"", "")), "")).isEmpty();
    assertThat(test.getFirst().get("livemode").booleanValue()).isFalse();
    assertThat(shop.list(endpoint, "?type=payment.succeeded")).hasSize(1);
    assertThat(shop.list(endpoint, "?type=payout.paid")).isEmpty();
    var at = test.getFirst().get("created_at").stringValue();
    assertThat(shop.list(endpoint, "?created[gte]=" + at)).hasSize(2);
    assertThat(shop.list(endpoint, "?created[lt]=" + at)).isEmpty();
    var newest = shop.list(endpoint, "").getFirst();
    assertThat(newest.get("type").stringValue()).isEqualTo("payment.succeeded");
    var late = newest.get("created_at").stringValue();
    assertThat(shop.list(endpoint, "?created[gte]=" + late))
        .extracting(Shop::id)
        .containsExactly(Shop.id(newest));
    assertThat(shop.list(endpoint, "?starting_after=" + Shop.id(newest)))
        .extracting(Shop::id)
        .containsExactly(Shop.id(test.getFirst()));
  }

  @Test
  void aMessageThatBlocksItsChannelIsShownAndCanBeSkipped() {
    var endpoint = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    gateway.upstream.handler =
        (exchange, request) ->
            Upstream.answer(exchange, Shop.data(request, "amount").equals("10") ? 500 : 204, "");
    events.publish(shop.paid(10));
    events.publish(shop.paid(20));
    var bad = Shop.id(shop.told(2).getFirst());
    await()
        .atMost(Shop.SOON)
        .untilAsserted(
            () -> {
              var blocked = json(shop.get(endpoint, "/blocked"));
              assertThat(blocked.get("pending").intValue()).isEqualTo(2);
              var first = blocked.get("data").get(0);
              assertThat(first.get("event").stringValue()).isEqualTo(bad);
              assertThat(first.get("attempts").intValue()).isEqualTo(2);
              assertThat(first.get("waiting").intValue()).isEqualTo(1);
            });
    assertThat(shop.list(endpoint, "?status=pending").get(0).get("blocked_by").stringValue())
        .isEqualTo(bad);
    assertThat(shop.shown(endpoint).get("status").stringValue()).isEqualTo("failing");
    assertThat(shop.shown(endpoint).get("last_error").stringValue()).isEqualTo("status 500");
    assertThat(shop.list("/v1/webhook_endpoints?status=failing")).hasSize(1);
    assertThat(shop.list("/v1/webhook_endpoints?status=healthy")).isEmpty();

    var skipped = shop.act(endpoint, "deliveries/" + bad + "/skip", "");

    assertThat(skipped.get("status").stringValue()).isEqualTo("skipped");
    await().atMost(Shop.SOON).until(() -> Shop.amounts(shop.mine()).contains("20"));
    await()
        .atMost(Shop.SOON)
        .until(() -> shop.shown(endpoint).get("status").stringValue().equals("healthy"));
    assertThat(shop.post(endpoint, "deliveries/" + bad + "/skip", "").statusCode()).isEqualTo(404);
  }

  @Test
  void eachAttemptIsLoggedWithRequestAndAnswerAndOneCanBeSentAgain() {
    var endpoint = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    gateway.upstream.handler =
        (exchange, _) -> {
          exchange.getResponseHeaders().add("X-Shop", "7");
          Upstream.answer(exchange, 200, "y".repeat(1_000_000));
        };
    events.publish(shop.paid(10));
    var event = Shop.id(shop.told(1).getFirst());
    await().atMost(Shop.SOON).until(() -> shop.delivered(endpoint) == 1);

    shop.act(endpoint, "deliveries/" + event + "/resend", "");

    var again = shop.told(2);
    assertThat(again.get(1).body()).isEqualTo(again.get(0).body());
    await()
        .atMost(Shop.SOON)
        .untilAsserted(
            () -> {
              var one = json(shop.get(endpoint, "/deliveries/" + event));
              assertThat(one.get("status").stringValue()).isEqualTo("delivered");
              assertThat(one.get("attempt_log").size()).isEqualTo(2);
            });
    var attempt = json(shop.get(endpoint, "/deliveries/" + event)).get("attempt_log").get(1);
    assertThat(attempt.get("response_status").intValue()).isEqualTo(200);
    assertThat(attempt.get("response_body").stringValue()).isEqualTo("y".repeat(4096));
    assertThat(attempt.get("response_headers").stringValue()).containsIgnoringCase("x-shop: 7");
    assertThat(attempt.get("request_headers").stringValue()).contains("webhook-id: " + event);
  }

  @Test
  void anEndpointThatAsksForTimeGetsIt() {
    var endpoint = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    gateway.upstream.handler =
        (exchange, _) -> {
          exchange.getResponseHeaders().add("Retry-After", "600");
          Upstream.answer(exchange, 503, "");
        };
    events.publish(shop.paid(10));
    shop.told(1);

    await()
        .atMost(Shop.SOON)
        .until(() -> shop.list(endpoint, "").get(0).get("attempts").intValue() == 1);
    var next = shop.list(endpoint, "").get(0).get("next_attempt_at").stringValue();
    assertThat(Instant.parse(next)).isAfter(Instant.now().plusSeconds(500));
  }

  @Test
  void anEndpointThatTakesNothingForDaysIsSwitchedOffAndComesBackByItself() throws Exception {
    var endpoint = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    gateway.upstream.handler = (exchange, _) -> Upstream.answer(exchange, 500, "");
    events.publish(shop.paid(10));
    shop.told(1);
    await()
        .atMost(Shop.SOON)
        .until(() -> shop.shown(endpoint).get("status").stringValue().equals("failing"));
    shop.awaitEvent("endpoint.failing");

    age(endpoint);

    await()
        .atMost(Shop.SOON)
        .until(() -> shop.shown(endpoint).get("status").stringValue().equals("disabled"));
    shop.awaitEvent("endpoint.disabled");
    // It was charged before that, and comes only now.
    events.publish(shop.paid(20, Instant.now().minus(Duration.ofHours(1))));
    shop.awaitEvents(4);
    addWhileItComesBack(endpoint);
    await()
        .atMost(Shop.SOON)
        .until(() -> shop.shown(endpoint).get("status").stringValue().equals("healthy"));
    await().atMost(Shop.SOON).until(() -> Shop.amounts(shop.mine()).contains("30"));
    assertThat(Shop.amounts(shop.mine())).containsExactly("10", "20", "30");
    shop.awaitEvent("endpoint.recovered");
  }

  /// Adds an event after most of what the endpoint missed is on its way, and before it is on.
  private void addWhileItComesBack(String endpoint) throws Exception {
    try (var change = database.connect();
        var adder = database.connect()) {
      change.setAutoCommit(false);
      adder.setAutoCommit(false);
      var asked = new AtomicBoolean();
      gateway.upstream.handler =
          (exchange, _) -> {
            if (asked.compareAndSet(false, true)) Sql.lock(change, endpoint);
            Upstream.answer(exchange, 200, "");
          };
      gateway.upstream.requests.clear();
      await().atMost(Shop.SOON).until(() -> Sql.isWaitedFor(adder, "transactionid"));
      assertThat(Sql.run(adder, Sql.ADD_MESSAGE, shop.account.id())).isEqualTo(1);
      change.rollback();
      await().atMost(Shop.SOON).until(() -> Sql.isWaitedFor(adder, "advisory"));
      adder.commit();
    }
  }

  @Test
  void aChangeLocksItsEndpointBeforeTheLanesAndLetsNewEventsRefer() throws Exception {
    var endpoint = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    shop.patch(endpoint, "{\"enabled\":false}");
    try (var lane = database.connect();
        var looker = database.connect()) {
      lane.setAutoCommit(false);
      Sql.run(lane, "INSERT INTO webhook_lane VALUES (?, 'x', now() + interval '1 day')", endpoint);
      lane.commit();
      Sql.run(lane, "UPDATE webhook_lane SET due_at = now() WHERE endpoint_id = ?", endpoint);
      var change =
          CompletableFuture.runAsync(
              () ->
                  assertThat(shop.patch(endpoint, "{\"enabled\":true}").statusCode())
                      .isEqualTo(200));
      await()
          .atMost(Shop.SOON)
          .until(() -> !change.isDone() && Sql.isLocked(looker, "FOR NO KEY UPDATE", endpoint));

      assertThat(Sql.isLocked(looker, "FOR KEY SHARE", endpoint)).isFalse();
      assertThat(change).isNotDone();

      lane.rollback();
      assertThat(change).succeedsWithin(Shop.SOON);
    }
  }

  @Test
  void anEndpointThatSomebodyChangesHoldsUpNoNewsOfOthers() throws Exception {
    var busy = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    var other = new Shop(gateway);
    var failing = Shop.id(other.endpoint("\"payment.succeeded\"", ""));
    var soon =
        "UPDATE webhook_endpoint SET failing_since = now() + interval '1 second' WHERE id = ?";
    try (var change = database.connect()) {
      for (var endpoint : List.of(busy, failing)) Sql.run(change, soon, endpoint);
      change.setAutoCommit(false);
      Sql.run(change, "SELECT FROM webhook_endpoint WHERE id = ? FOR NO KEY UPDATE", busy);

      other.awaitEvent("endpoint.failing");

      assertThat(shop.list("/v1/events?type=endpoint.failing")).isEmpty();
      change.rollback();
    }
    shop.awaitEvent("endpoint.failing");
  }

  @Test
  void nobodySeesOrTouchesWhatIsAnothers() {
    var endpoint = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    events.publish(shop.paid(10));
    var event = Shop.id(shop.told(1).getFirst());
    shop = new Shop(gateway);

    var path = "/v1/webhook_endpoints/" + endpoint;
    for (var read : List.of(path, path + "/deliveries", path + "/blocked")) {
      assertThat(gateway.get(shop.account, read).statusCode()).as(read).isEqualTo(404);
    }
    assertThat(gateway.get(shop.account, "/v1/events/" + event).statusCode()).isEqualTo(404);
    assertThat(shop.list("/v1/events")).isEmpty();
    for (var action :
        List.of(
            "rotate_secret",
            "test",
            "deliveries/" + event + "/skip",
            "deliveries/" + event + "/resend")) {
      assertThat(shop.post(endpoint, action, "").statusCode()).as(action).isEqualTo(404);
    }
    assertThat(shop.post(endpoint, "recover", "{\"since\":\"2026-01-01T00:00:00Z\"}").statusCode())
        .isEqualTo(404);
    assertThat(shop.patch(endpoint, "{\"enabled\":false}").statusCode()).isEqualTo(404);
    var own = Shop.id(shop.endpoint("\"payment.succeeded\"", ""));
    assertThat(shop.post(own, "deliveries/" + event + "/resend", "").statusCode()).isEqualTo(404);
    assertThat(code(shop.post(own, "recover", "{\"after\":\"" + event + "\"}")))
        .isEqualTo("invalid-request");
  }

  private static void age(String endpoint) throws Exception {
    try (var connection = database.connect()) {
      Sql.run(
          connection,
          "UPDATE webhook_endpoint SET failing_since = now() - interval '6 days' WHERE id = ?",
          endpoint);
    }
  }
}
