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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.Ulid;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Payments as they are found again, and what their merchants noted on them.
class PaymentListIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final AtomicInteger PAYMENTS = new AtomicInteger();
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static TestEvents events;
  private final Payer payer = Payer.fresh();
  private Account merchant;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, Map.of());
    events = new TestEvents();
  }

  @AfterAll
  static void stop() {
    events.close();
    gateway.close();
  }

  @BeforeEach
  void newMerchant() {
    gateway.hub.forget();
    merchant = gateway.merchant();
  }

  @Test
  void paymentsAreFoundByWhoPaidWhereAndWhen() {
    var route = gateway.route(merchant, "5", "").substring("/x/".length());
    var link =
        json(gateway.post(merchant, "/v1/payment_links", "{\"amount\":\"5\"}"))
            .get("id")
            .stringValue();
    var stranger =
        new Payer(
            millrace.protocol.x402.PayerKeys.of(millrace.testkit.Persona.BOB.key()), payer.salt());
    var noon = Instant.parse("2026-11-29T12:00:00Z");
    paid(payer, 1, "http://shop.example/7", noon);
    paid(payer, 2, "http://hub.example/x/" + route + "/a?b=c", noon.plusSeconds(1));
    paid(stranger, 3, "http://hub.example/pay/" + link, noon.plusSeconds(2));
    paid(stranger, 4, "http://shop.example/7", noon.plusSeconds(3));
    await().atMost(SOON).until(() -> amounts("").size() == 4);

    assertThat(amounts("")).containsExactly("4", "3", "2", "1");
    assertThat(amounts("channel=" + payer.channelId())).containsExactly("2", "1");
    assertThat(amounts("payer=" + payer.channel().payer())).containsExactly("2", "1");
    assertThat(amounts("payer=" + stranger.channel().payer() + "&limit=1")).containsExactly("4");
    assertThat(amounts("payer=0x" + "7".repeat(40))).isEmpty();
    assertThat(amounts("route=" + route)).containsExactly("2");
    assertThat(amounts("payment_link=" + link)).containsExactly("3");
    assertThat(amounts("payment_link=pl_" + "7".repeat(26))).isEmpty();
    assertThat(
            amounts("created%5Bgte%5D=2026-11-29T12:00:01Z&created%5Blt%5D=2026-11-29T12:00:03Z"))
        .containsExactly("3", "2");
    assertThat(amounts("payer=" + payer.channel().payer() + "&route=" + route))
        .containsExactly("2");
    assertThat(amounts("status=succeeded&channel=" + stranger.channelId()))
        .containsExactly("4", "3");
    var mine = merchant;
    merchant = gateway.merchant();
    assertThat(amounts("payer=" + payer.channel().payer())).isEmpty();
    assertThat(amounts("route=" + route)).isEmpty();
    merchant = mine;
  }

  @ParameterizedTest
  @CsvSource({
    "channel=0x12,channel",
    "payer=alice,payer",
    "route=pl_00000000000000000000000000,route",
    "payment_link=x,payment_link",
    "route=rt_00000000000000000000000000&payment_link=pl_00000000000000000000000000,payment_link",
    "created%5Bgte%5D=now,created[gte]",
    "status=lost,status",
    "created%5Bgte%5D=2026-11-29,created[gte]",
    "created%5Bgte%5D=1764547200,created[gte]",
    "created[gte]=now,created[gte]",
    "created[gte]=,created[gte]",
    "limit=0,limit",
    "limit=many,limit",
    "limit=%20,limit",
    "limit=1&limit=2,limit",
    "limit=%00,limit",
    "statuss=succeeded,statuss",
    "created%5Bgt%5D=2026-11-29T00:00:00Z,created[gt]",
    "metadata[order]=7,metadata[order]",
    "starting_after=po_00000000000000000000000000,starting_after"
  })
  void aWrongConditionIsNamed(String query, String param) {
    var answer = gateway.get(merchant, "/v1/payments?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer).get("param").stringValue()).isEqualTo(param);
  }

  @Test
  void aTimeHasAnOffsetAndItsBracketsMayStandAsTheyAre() {
    paid(payer, 10, "/thing", Instant.now());
    var brackets = "/v1/payments?created[gte]=2026-01-01T02:00:00%2B02:00&limit=1";
    await().until(() -> json(gateway.get(merchant, brackets)).path("data").size() == 1);
    var later = gateway.get(merchant, "/v1/payments?created[gte]=2999-01-01T00:00:00Z");
    assertThat(json(later).get("data")).isEmpty();
  }

  /// Goal: whoever sees the payment sees its notes, at once and later.
  @Test
  void whatIsNotedOnAPaymentComesBackWithIt() {
    var made = pay("n-1", "{\"order\":\"7\",\"shop\":\"Zürich\"}", payer.voucher(10, 10));

    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    var metadata = "{\"order\":\"7\",\"shop\":\"Zürich\"}";
    assertThat(json(made).get("metadata").toString()).isEqualTo(metadata);
    assertThat(json(made).get("livemode").booleanValue()).isFalse();
    assertThat(json(made).get("decimals").intValue()).isEqualTo(6);
    var id = json(made).get("id").stringValue();
    assertThat(json(gateway.get(merchant, "/v1/payments/" + id)).get("metadata").toString())
        .isEqualTo(metadata);
    publish(payer, new PaymentId(id), 10, "http://shop.example/7", Instant.now());
    await().atMost(SOON).until(() -> amounts("").size() == 1);
    var listed = json(gateway.get(merchant, "/v1/payments")).get("data").get(0);
    assertThat(listed.get("metadata").toString()).isEqualTo(metadata);
  }

  /// Goal: the event says the same whether somebody was listening or it is made up afterwards.
  @Test
  void whatIsNotedOnAPaymentIsInItsEvent() {
    var unheard = json(pay("n-5", "{\"order\":\"1\"}", payer.voucher(10, 10)));
    publish(payer, new PaymentId(id(unheard)), 10, "http://shop.example/7", Instant.now());
    await().atMost(SOON).until(() -> amounts("").size() == 1);
    assertThat(noted(unheard)).isEqualTo("{\"order\":\"1\"}");
    var endpoint =
        gateway.post(
            merchant,
            "/v1/webhook_endpoints",
            "{\"url\":\"" + gateway.upstream.url() + "/hook\",\"events\":[\"payment.succeeded\"]}");
    assertThat(endpoint.statusCode()).as(endpoint.body()).isEqualTo(201);
    gateway.upstream.reset();

    var heard = json(pay("n-6", "{\"order\":\"2\"}", payer.voucher(10, 20)));
    var bare = json(pay("n-7", "{}", payer.voucher(10, 30)));
    publish(payer, new PaymentId(id(heard)), 10, "http://shop.example/7", Instant.now());
    publish(payer, new PaymentId(id(bare)), 10, "http://shop.example/7", Instant.now());

    await().atMost(SOON).until(() -> gateway.upstream.requests.size() == 2);
    assertThat(gateway.upstream.requests)
        .extracting(request -> GatewayFixture.JSON.readTree(request.body()).get("data"))
        .extracting(data -> data.get("metadata").toString())
        .containsExactly("{\"order\":\"2\"}", "{}");
    assertThat(noted(heard)).isEqualTo("{\"order\":\"2\"}");
  }

  private static String id(JsonNode payment) {
    return payment.get("id").stringValue();
  }

  private String noted(JsonNode payment) {
    var event = "evt_" + id(payment).substring("pay_".length());
    var shown = json(gateway.get(merchant, "/v1/events/" + event));
    return shown.get("data").get("metadata").toString();
  }

  @Test
  void aRepeatHasTheNotesOfTheFirstAndOtherNotesAreAnotherRequest() throws SQLException {
    var first = pay("n-2", "{\"order\":\"7\"}", payer.voucher(10, 10));
    var again = pay("n-2", "{\"order\":\"7\"}", payer.voucher(10, 10));
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).get("id")).isEqualTo(json(first).get("id"));
    assertThat(json(again).get("metadata")).isEqualTo(json(first).get("metadata"));
    assertThat(notes()).isEqualTo(1);
    var charges = gateway.hub.received(PaymentCommand.Charge.class);
    assertThat(charges).hasSize(2);
    assertThat(charges.get(0).request().fingerprint())
        .isEqualTo(charges.get(1).request().fingerprint());
    gateway.hub.forget();
    pay("n-2", "{\"order\":\"8\"}", payer.voucher(10, 10));
    assertThat(gateway.hub.received(PaymentCommand.Charge.class).getFirst().request().fingerprint())
        .isNotEqualTo(charges.getFirst().request().fingerprint());
    var id = json(first).get("id").stringValue();
    assertThat(json(gateway.get(merchant, "/v1/payments/" + id)).get("metadata").toString())
        .isEqualTo("{\"order\":\"7\"}");
  }

  /// The key of a request that was refused is free for another one, with notes of its own.
  @Test
  void whoPaysAfterARefusalUnderTheSameKeyHasItsOwnNotes() {
    assertThat(pay("n-5", "{\"order\":\"1\"}", payer.voucher(10, 25)).statusCode()).isEqualTo(402);
    var paid = pay("n-5", "{\"order\":\"2\"}", payer.voucher(10, 10));
    assertThat(paid.statusCode()).as(paid.body()).isEqualTo(201);
    var id = json(paid).get("id").stringValue();
    assertThat(json(gateway.get(merchant, "/v1/payments/" + id)).get("metadata").toString())
        .isEqualTo("{\"order\":\"2\"}");
  }

  @Test
  void anUnknownOutcomeResolvesWithItsNotes() {
    gateway.hub.after =
        command -> command instanceof PaymentCommand.Charge ? Optional.of(503) : Optional.empty();
    assertThat(pay("n-3", "{\"order\":\"9\"}", payer.voucher(10, 10)).statusCode()).isEqualTo(503);
    gateway.hub.forget();
    var resolved = pay("n-3", "{\"order\":\"9\"}", payer.voucher(10, 10));
    assertThat(resolved.statusCode()).isEqualTo(200);
    var id = json(resolved).get("id").stringValue();
    assertThat(json(gateway.get(merchant, "/v1/payments/" + id)).get("metadata").toString())
        .isEqualTo("{\"order\":\"9\"}");
    assertThat(gateway.hub.charged(payer.channelId())).isEqualTo(Amount.of(10));
  }

  @Test
  void aPaymentWithoutNotesWritesNothingOfItsOwn() throws SQLException {
    assertThat(pay("n-4", "{}", payer.voucher(10, 10)).statusCode()).isEqualTo(201);
    assertThat(notes()).isZero();
  }

  @Test
  void aPaymentByALinkHasTheLinksNotes() {
    var link =
        json(
            gateway.post(
                merchant, "/v1/payment_links", "{\"amount\":\"5\",\"metadata\":{\"k\":\"v\"}}"));
    var paid = gateway.paid(link.get("path").stringValue(), payer.voucher(5, 5));
    var id = json(paid).get("id").stringValue();
    var shown = json(gateway.get(merchant, "/v1/payments/" + id));
    assertThat(shown.get("metadata").toString()).isEqualTo("{\"k\":\"v\"}");
    assertThat(shown.get("payment_link")).isEqualTo(link.get("id"));
  }

  /// Goal: a URL is what its merchant says it is, and no way to what another noted.
  @Test
  void nobodyReadsAnothersNotesThroughAUrl() {
    var other = gateway.merchant();
    var link =
        json(
            gateway.post(
                other, "/v1/payment_links", "{\"amount\":\"5\",\"metadata\":{\"k\":\"secret\"}}"));
    var url = "http://hub.example" + link.get("path").stringValue();
    var made =
        gateway.post(
            merchant,
            "/v1/payments",
            "{\"payment_signature\":\"%s\",\"amount\":\"10\",\"resource\":{\"url\":\"%s\"}}"
                .formatted(payer.voucher(10, 10), url));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    var shown = gateway.get(merchant, "/v1/payments/" + json(made).get("id").stringValue());
    assertThat(shown.body()).doesNotContain("secret");
  }

  @Test
  void wrongNotesAreNamedAndNothingIsCharged() {
    var answer = pay("n-5", "{\"k\":\"" + "x".repeat(501) + "\"}", payer.voucher(10, 10));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("param").stringValue()).isEqualTo("metadata.k");
    assertThat(code(answer)).isEqualTo("invalid-request");
    assertThat(gateway.hub.commands).isEmpty();
  }

  private HttpResponse<String> pay(String key, String metadata, String header) {
    return gateway.send(
        gateway
            .request("POST", "/v1/payments", merchant.key())
            .header("Idempotency-Key", key)
            .POST(
                BodyPublishers.ofString(
                    "{\"payment_signature\":\"%s\",\"amount\":\"10\",\"metadata\":%s,%s}"
                        .formatted(
                            header,
                            metadata,
                            "\"resource\":{\"url\":\"http://shop.example/7\"}"))));
  }

  private int notes() throws SQLException {
    try (var connection = database.connect();
        var statement =
            connection.prepareStatement(
                "SELECT count(*) FROM payment_note WHERE merchant_id = ?")) {
      statement.setString(1, merchant.id());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  private List<String> amounts(String query) {
    var answer = gateway.get(merchant, "/v1/payments?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return StreamSupport.stream(json(answer).get("data").spliterator(), false)
        .map(payment -> payment.get("amount").stringValue())
        .toList();
  }

  private void paid(Payer by, long amount, String resource, Instant at) {
    var id = "pay_" + Ulid.of(at, Shop.numbered(PAYMENTS.incrementAndGet()));
    publish(by, new PaymentId(id), amount, resource, at);
  }

  private void publish(Payer by, PaymentId id, long amount, String resource, Instant at) {
    var payload = by.keys().voucher(Payer.offer(amount), by.channel(), Amount.of(amount));
    events.publish(
        new PaymentAccepted(
            id,
            by.channelId(),
            by.channel(),
            new MerchantId(merchant.id()),
            Amount.of(amount),
            Amount.of(amount),
            payload.voucher(),
            PAYMENTS.incrementAndGet(),
            resource,
            at));
  }
}
