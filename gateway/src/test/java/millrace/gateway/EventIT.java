package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.gateway.webhook.EventSchemas;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Events for whoever asks instead of being told.
class EventIT {
  private static GatewayFixture gateway;
  private static TestEvents events;

  private Shop shop;

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new GatewayFixture(
            TestPostgres.freshDatabase(), Map.of("millrace.gateway.webhooks.poll", "50ms"));
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
  void eventsAreListedWhetherAnybodyListensOrNot() {
    events.publish(shop.paid(1));
    shop.awaitEvents(1);
    var derived = shop.list("/v1/events").get(0);
    shop.endpoint("\"payment.succeeded\"", "");
    for (int amount = 2; amount <= 4; amount++) events.publish(shop.paid(amount));
    shop.awaitEvents(4);
    var told = shop.told(3);

    var listed = shop.list("/v1/events?limit=2");
    var cursor = listed.get(1).get("id").stringValue();
    var rest = shop.list("/v1/events?limit=2&starting_after=" + cursor);

    assertThat(Shop.amountsOf(listed)).containsExactly("4", "3");
    assertThat(Shop.amountsOf(rest)).containsExactly("2", "1");
    assertThat(rest.get(1)).isEqualTo(derived);
    assertThat(EventSchemas.faults(derived.toString())).isEmpty();
    assertThat(listed.get(0)).isEqualTo(GatewayFixture.JSON.readTree(told.getLast().body()));
    assertThat(json(gateway.get(shop.account, "/v1/events/" + derived.get("id").stringValue())))
        .isEqualTo(derived);
    assertThat(shop.list("/v1/events?type=payout.paid")).isEmpty();
    assertThat(shop.list("/v1/events?type=payment.succeeded&channel=" + shop.payer.channelId()))
        .hasSize(4);
    assertThat(shop.list("/v1/events?channel=" + Payer.fresh().channelId())).isEmpty();
    assertThat(shop.list("/v1/events?created[gte]=" + Instant.now().plusSeconds(60))).isEmpty();
    assertThat(code(gateway.get(shop.account, "/v1/events?type=nothing")))
        .isEqualTo("invalid-request");
  }

  /// What a derived event says is what would have been sent.
  @Test
  void anEventThatNobodyHeardOfCanStillBeSent() {
    events.publish(shop.paid(1));
    shop.awaitEvents(1);
    var event = shop.list("/v1/events").get(0);
    var endpoint = Shop.id(shop.endpoint("\"payout.paid\"", ""));

    shop.act(endpoint, "deliveries/" + event.get("id").stringValue() + "/resend", "");

    assertThat(GatewayFixture.JSON.readTree(shop.told(1).getFirst().body())).isEqualTo(event);
  }

  @Test
  void theCatalogueShowsASchemaAndAnExampleOfEachType() {
    for (var type : shop.list("/v1/event_types")) {
      assertThat(type.get("description").stringValue()).isNotEmpty();
      assertThat(EventSchemas.faults(type.get("example").toString())).isEmpty();
      assertThat(type.get("schema").get("title")).isEqualTo(type.get("id"));
    }
    assertThat(shop.list("/v1/event_types")).hasSizeGreaterThan(10);
  }

  /// Goal: whatever type a developer asks for comes as all events do, and nobody takes it
  /// for money.
  @Test
  void aTestEventOfEachTypeIsListedStreamedAndSent() throws Exception {
    var types = shop.list("/v1/event_types").stream().map(Shop::id).toList();
    var heard = types.stream().filter(type -> !type.equals("endpoint.test")).toList();
    shop.endpoint("\"" + String.join("\",\"", heard) + "\"", "");
    try (var stream = new Line("", "")) {
      for (var type : types) {
        var made = gateway.post(shop.account, "/v1/test_events", "{\"type\":\"" + type + "\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(EventSchemas.faults(made.body())).isEmpty();
        assertThat(json(made).get("livemode").booleanValue()).isFalse();
        assertThat(GatewayFixture.JSON.readTree(stream.next())).isEqualTo(json(made));
        assertThat(json(gateway.get(shop.account, "/v1/events/" + Shop.id(json(made)))))
            .isEqualTo(json(made));
      }
    }
    var sent = shop.told(heard.size()).stream().map(it -> GatewayFixture.JSON.readTree(it.body()));
    assertThat(sent.map(it -> it.get("type").stringValue()))
        .containsExactlyInAnyOrderElementsOf(heard);
    assertThat(shop.list("/v1/payments")).isEmpty();
    var noted = shop.list("/v1/audit_log?action=createTestEvent&limit=100");
    assertThat(noted.stream().map(it -> it.get("object_id").stringValue()))
        .containsExactlyInAnyOrderElementsOf(
            shop.list("/v1/events?limit=100").stream().map(Shop::id).toList());
    assertThat(shop.list("/v1/audit_log?action=createRoute")).isEmpty();
    var actor = noted.getFirst().get("actor").stringValue();
    assertThat(shop.list("/v1/audit_log?limit=100&action=createTestEvent&actor=" + actor))
        .isEqualTo(noted);
    assertThat(shop.list("/v1/audit_log?actor=operator"))
        .extracting(it -> it.get("action").stringValue())
        .containsOnly("createMerchant");
    var read = gateway.get(shop.account, "/v1/audit_log?action=listAuditLog");
    assertThat(json(read).get("param").stringValue()).isEqualTo("action");
    assertThat(code(gateway.post(shop.account, "/v1/test_events", "{\"type\":\"nothing\"}")))
        .isEqualTo("invalid-request");
  }

  @Test
  void whereMoneyIsRealThereAreNoTestEvents() throws IOException {
    try (var live =
        new GatewayFixture(
            TestPostgres.freshDatabase(),
            Map.of("millrace.hub.chain-id", "8453", "millrace.gateway.upstream.allowed", ""))) {
      var account = live.merchant();
      var refused = live.post(account, "/v1/test_events", "{\"type\":\"payout.paid\"}");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(code(refused)).isEqualTo("test-mode-only");
      assertThat(json(live.get(account, "/v1/events")).get("data")).isEmpty();
    }
  }

  /// A partner who loses the line goes on where it was, and has then seen everything in order.
  @Test
  void aStreamGoesOnAfterTheLastEventThatWasRead() throws Exception {
    List<String> read = new ArrayList<>();
    try (var stream = new Line("", "")) {
      for (int amount = 1; amount <= 3; amount++) events.publish(shop.paid(amount));
      for (int i = 0; i < 3; i++) read.add(stream.next());
    }
    var other = new Shop(gateway);
    other.endpoint("\"payment.succeeded\"", "");
    events.publish(other.paid(99));
    var others = Shop.id(other.told(1).getFirst());
    for (int amount = 4; amount <= 6; amount++) events.publish(shop.paid(amount));
    shop.awaitEvents(6);
    try (var stream = new Line("?type=payment.succeeded", id(read.getLast()))) {
      events.publish(other.paid(98));
      other.told(2);
      events.publish(shop.paid(7));
      for (int i = 0; i < 4; i++) read.add(stream.next());
    }
    try (var stream = new Line("?after=" + id(read.get(4)), "")) {
      assertThat(stream.next()).isEqualTo(read.get(5));
    }
    assertThat(read.stream().map(it -> GatewayFixture.JSON.readTree(it)).map(EventIT::amount))
        .containsExactly("1", "2", "3", "4", "5", "6", "7");
    for (var nobodys : List.of(others, "evt_" + "0".repeat(26))) {
      assertThat(code(gateway.get(shop.account, "/v1/events/stream?after=" + nobodys)))
          .as(nobodys)
          .isEqualTo("invalid-request");
    }
  }

  private static String amount(JsonNode event) {
    return event.get("data").get("amount").stringValue();
  }

  private static String id(String event) {
    return GatewayFixture.JSON.readTree(event).get("id").stringValue();
  }

  /// A stream as a partner reads it.
  private final class Line implements AutoCloseable {
    private final Stream<String> lines;
    private final Iterator<String> left;

    Line(String query, String lastId) throws Exception {
      var request = gateway.request("GET", "/v1/events/stream" + query, shop.account.key());
      if (!lastId.isEmpty()) request.header("Last-Event-ID", lastId);
      lines = gateway.http.send(request.build(), BodyHandlers.ofLines()).body();
      left = lines.iterator();
    }

    String next() {
      while (true) {
        var line = left.next();
        if (line.startsWith("data:")) return line.substring("data:".length());
      }
    }

    @Override
    public void close() {
      lines.close();
    }
  }
}
