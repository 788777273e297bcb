package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import millrace.gateway.GatewayFixture.Account;
import millrace.gateway.channel.GuardLog;
import millrace.gateway.webhook.EventSchemas;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.command.ChannelStanding.Status;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.VouchersGuarded;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What merchants see of channels, and of what the watchtower holds.
class ChannelsIT {
  /// A gateway reads what other tests have published before, and their payments are not these.
  private static final long RUN = new Random().nextLong(1_000_000_000_000L);

  private static GatewayFixture gateway;
  private static TestEvents events;
  private static int number;

  private Account merchant;

  @BeforeAll
  static void start() throws IOException {
    gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of());
    events = new TestEvents();
  }

  @AfterAll
  static void stop() {
    events.close();
    gateway.close();
  }

  @BeforeEach
  void newMerchant() {
    merchant = gateway.merchant();
  }

  @Test
  void aPaymentIsExposedUntilTheTowerHoldsItsVoucher() {
    var payer = Payer.fresh();
    var first = pay(payer, 1);
    var second = pay(payer, 2);
    await().untilAsserted(() -> assertThat(guarded(second)).isFalse());
    assertThat(guarded(first)).isFalse();

    guard(payer, 1);
    awaitGuarded(first);
    assertThat(guarded(second)).isFalse();
    var list = json(gateway.get(merchant, "/v1/payments"));
    assertThat(list.get("data").get(0).get("guarded").booleanValue()).isFalse();
    assertThat(list.get("data").get(1).get("guarded").booleanValue()).isTrue();

    guard(payer, 2);
    awaitGuarded(second);
    guard(payer, 1);
    var other = Payer.fresh();
    var later = pay(other, 1);
    guard(other, 1);
    awaitGuarded(later);
    assertThat(guarded(second)).isTrue();
    var third = pay(payer, 3);
    guard(payer, 3);
    awaitGuarded(third);
    assertThat(guarded(second)).isTrue();
  }

  @Test
  void aChannelIsShownToThoseWhoArePaidFromIt() {
    var payer = Payer.fresh();
    var path = "/v1/channels/" + payer.channelId();
    assertThat(gateway.get(merchant, path).statusCode()).isEqualTo(404);
    pay(payer, 1);
    await().until(() -> gateway.get(merchant, path).statusCode() == 200);

    var channel = json(gateway.get(merchant, path));
    assertThat(channel.get("object").stringValue()).isEqualTo("channel");
    assertThat(channel.get("status").stringValue()).isEqualTo("frozen");
    assertThat(channel.get("charged").stringValue()).isEqualTo("30");
    assertThat(channel.get("guarded").stringValue()).isEqualTo("20");
    assertThat(channel.get("exposed").stringValue()).isEqualTo("10");
    assertThat(gateway.get(gateway.merchant(), path).statusCode()).isEqualTo(404);
    assertThat(gateway.get(merchant, "/v1/channels/0x12").statusCode()).isEqualTo(404);
  }

  @Test
  void channelsAreListedAPageAtATime() {
    var payers = Stream.generate(Payer::fresh).limit(5).toList();
    payers.forEach(payer -> pay(payer, 1));
    pay(payers.getFirst(), 2);
    var own = payers.stream().map(Payer::channelId).sorted().map(ChannelId::toString).toList();
    await().untilAsserted(() -> assertThat(ids("?limit=100")).isEqualTo(own));

    assertThat(ids("?limit=2")).isEqualTo(own.subList(0, 2));
    assertThat(ids("?limit=3&starting_after=" + own.get(1))).isEqualTo(own.subList(2, 5));
    var page = json(gateway.get(merchant, "/v1/channels?limit=2"));
    assertThat(page.get("has_more").booleanValue()).isTrue();
    assertThat(json(gateway.get(gateway.merchant(), "/v1/channels")).get("data")).isEmpty();
    assertThat(gateway.get(merchant, "/v1/channels?starting_after=x").statusCode()).isEqualTo(400);
  }

  @Test
  void channelsAreFoundByHowTheyStand() {
    var payers = Stream.generate(Payer::fresh).limit(4).toList();
    payers.forEach(payer -> pay(payer, 1));
    var own = payers.stream().map(Payer::channelId).sorted().toList();
    await().until(() -> ids("").size() == 4);
    say(own.get(0), Status.OPEN, 0, "2026-11-01T00:00:00Z");
    say(own.get(1), Status.OPEN, 5, "2026-11-02T00:00:00Z");
    say(own.get(2), Status.CLOSED, 0, "2026-11-03T00:00:00Z");

    assertThat(ids("?status=open")).isEqualTo(texts(own.subList(0, 2)));
    assertThat(ids("?status=frozen")).isEqualTo(texts(own.subList(3, 4)));
    assertThat(ids("?guarded=true")).isEqualTo(texts(List.of(own.get(0), own.get(2))));
    assertThat(ids("?guarded=false&status=open")).isEqualTo(texts(own.subList(1, 2)));
    assertThat(ids("?created%5Bgte%5D=2026-11-02T00:00:00Z")).isEqualTo(texts(own.subList(1, 3)));
    assertThat(ids("?created%5Blt%5D=2026-11-02T00:00:00Z")).isEqualTo(texts(own.subList(0, 1)));
    assertThat(ids("?payer=" + payers.getFirst().channel().payer())).isEqualTo(texts(own));
    assertThat(ids("?payer=0x" + "0".repeat(40))).isEmpty();
    assertThat(ids("?asset=" + GatewayFixture.TERMS.token().address())).isEqualTo(texts(own));
    assertThat(ids("?asset=0x" + "0".repeat(40))).isEmpty();
    var first = json(gateway.get(merchant, "/v1/channels?guarded=true&limit=1"));
    assertThat(first.get("has_more").booleanValue()).isTrue();
    assertThat(
            ids("?guarded=true&starting_after=" + first.get("next_starting_after").stringValue()))
        .isEqualTo(texts(own.subList(2, 3)));
    var dated = json(gateway.get(merchant, "/v1/channels/" + own.getFirst()));
    assertThat(dated.get("created_at").stringValue()).isEqualTo("2026-11-01T00:00:00Z");
    assertThat(json(gateway.get(merchant, "/v1/channels/" + own.getLast())).has("created_at"))
        .isFalse();
  }

  /// Goal: a filter that hardly any channel meets keeps nobody busy for long, and misses none.
  @Test
  void whoLooksForARareChannelAmongManyGoesOnWhereTheLookEnded() {
    gateway
        .context
        .getBean(JdbcClient.class)
        .sql(
            """
            INSERT INTO payment
              (id, merchant_id, channel_id, payer, token, amount, resource, created_at)
            SELECT 'pay_' || right(:merchant, 13) || lpad(i::text, 13, '0'), :merchant,
                   decode(lpad(to_hex(i), 64, '0'), 'hex'), :twenty, :twenty, 1, '/thing', now()
              FROM generate_series(1, 5100) AS i
            """)
        .param("merchant", merchant.id())
        .param("twenty", new byte[20])
        .update();
    var rare = ChannelId.of("0x" + "0".repeat(60) + "13ec");
    say(rare, Status.CLOSED, 0, "2026-11-01T00:00:00Z");

    var first = json(gateway.get(merchant, "/v1/channels?status=closed"));
    assertThat(first.get("data")).isEmpty();
    assertThat(first.get("has_more").booleanValue()).isTrue();
    var next = first.get("next_starting_after").stringValue();
    var second = json(gateway.get(merchant, "/v1/channels?status=closed&starting_after=" + next));
    assertThat(second.get("data").get(0).get("id").stringValue()).isEqualTo(rare.toString());
    assertThat(second.get("has_more").booleanValue()).isFalse();
    assertThat(second.has("next_starting_after")).isFalse();
  }

  @Test
  void whatAMerchantNotesOnAChannelIsItsOwn() {
    var payer = Payer.fresh();
    var path = "/v1/channels/" + payer.channelId();
    assertThat(note(merchant, path, "{\"a\":\"1\"}").statusCode()).isEqualTo(404);
    var neighbour = gateway.merchant();
    pay(payer, 1);
    pay(neighbour, payer, 2);
    for (var one : List.of(merchant, neighbour)) {
      await().until(() -> gateway.get(one, path).statusCode() == 200);
    }
    assertThat(noted(merchant)).isEqualTo("{}");

    var changed = note(merchant, path, "{\"customer\":\"17\",\"plan\":\"gold\"}");
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    note(merchant, path, "{\"plan\":\"\",\"seat\":\"2\"}");
    note(neighbour, path, "{\"mine\":\"too\"}");

    assertThat(noted(merchant)).isEqualTo("{\"customer\":\"17\",\"seat\":\"2\"}");
    assertThat(json(gateway.get(merchant, path)).get("metadata").toString())
        .isEqualTo(noted(merchant));
    assertThat(noted(neighbour)).isEqualTo("{\"mine\":\"too\"}");
    assertThat(gateway.get(neighbour, path).body()).doesNotContain("customer");
    var log = json(gateway.get(merchant, "/v1/audit_log?action=updateChannel")).get("data");
    assertThat(log).hasSize(2);
    assertThat(log.get(0).get("object_id").stringValue()).isEqualTo(payer.channelId().toString());
    var wrong = note(merchant, path, "{\"k\":null}");
    assertThat(json(wrong).get("param").stringValue()).isEqualTo("metadata.k");
  }

  private static HttpResponse<String> note(Account merchant, String path, String metadata) {
    return gateway.send(
        gateway
            .request("GET", path, merchant.key())
            .method("PATCH", BodyPublishers.ofString("{\"metadata\":" + metadata + "}")));
  }

  private static String noted(Account merchant) {
    var page = json(gateway.get(merchant, "/v1/channels"));
    return page.get("data").get(0).get("metadata").toString();
  }

  private static void say(ChannelId channel, Status status, long exposed, String createdAt) {
    gateway.hub.channels.say(channel, status, exposed, Instant.parse(createdAt));
  }

  private static List<String> texts(List<ChannelId> channels) {
    return channels.stream().map(ChannelId::toString).toList();
  }

  @Test
  void whoAsksForItIsToldWhatTheTowerHolds() {
    var shop = new Shop(gateway);
    var other = new Shop(gateway);
    other.endpoint("\"payment.succeeded\"", "");
    shop.endpoint("\"channel.guarded\"", "");
    events.publish(other.paid(1));
    other.told(1);
    events.publish(shop.paid(1));
    guard(shop.payer, 1);
    var first = GatewayFixture.JSON.readTree(shop.told(1).getFirst().body());
    guard(other.payer, 1);
    guard(shop.payer, 2);
    var second = GatewayFixture.JSON.readTree(shop.told(2).getLast().body());

    assertThat(first.get("type").stringValue()).isEqualTo("channel.guarded");
    assertThat(first.get("data").get("id").stringValue())
        .isEqualTo(shop.payer.channelId().toString());
    assertThat(first.get("data").get("guarded").stringValue()).isEqualTo("1");
    assertThat(second.get("data").get("guarded").stringValue()).isEqualTo("2");
    assertThat(EventSchemas.faults(second.toString())).isEmpty();
    assertThat(shop.list("/v1/events?type=channel.guarded")).hasSize(2);
    assertThat(other.list("/v1/events?type=channel.guarded")).isEmpty();
  }

  /// Topics are read side by side, so what the tower says may come before the payment.
  @Test
  void whatTheTowerSaidBeforeThePaymentCameIsToldWithIt() {
    var shop = new Shop(gateway);
    var other = new Shop(gateway);
    other.endpoint("\"payment.succeeded\"", "");
    shop.endpoint("\"channel.guarded\"", "");
    guard(other.payer, 7);
    guard(shop.payer, 7);
    awaitKept(shop.payer);
    assertThat(shop.mine()).isEmpty();
    events.publish(other.paid(1));
    other.told(1);
    assertThat(other.list("/v1/events?type=channel.guarded")).isEmpty();
    events.publish(shop.paid(1));
    var told = GatewayFixture.JSON.readTree(shop.told(1).getFirst().body());
    assertThat(told.get("data").get("guarded").stringValue()).isEqualTo("7");
  }

  /// Goal: what comes with other news is kept as if it had come alone, in whatever order, and never
  /// less than before.
  @Test
  void ofSeveralNewsOfAChannelTheNewestIsKept() {
    var log = gateway.context.getBean(GuardLog.class);
    var payer = Payer.fresh();
    var other = Payer.fresh();

    log.take(List.of(news(held(payer, 1)), news(held(payer, 2), held(other, 1))));
    assertThat(kept(log, payer)).isEqualTo(held(payer, 2));
    assertThat(kept(log, other)).isEqualTo(held(other, 1));
    log.take(List.of(news(held(payer, 4)), news(held(payer, 3))));
    assertThat(kept(log, payer)).isEqualTo(held(payer, 4));
    log.take(List.of(news(held(payer, 6), held(payer, 5))));
    assertThat(kept(log, payer)).isEqualTo(held(payer, 6));
    log.take(List.of(news(held(payer, 2), held(payer, 3))));
    assertThat(kept(log, payer)).isEqualTo(held(payer, 6));
    log.take(List.of(news(new Guarded(payer.channelId(), 7, Amount.of(5)))));
    assertThat(kept(log, payer)).isEqualTo(new Guarded(payer.channelId(), 7, Amount.of(6)));
  }

  private static Guarded kept(GuardLog log, Payer payer) {
    return log.find(payer.channelId()).orElseThrow().voucher();
  }

  private static Guarded held(Payer payer, long sequence) {
    return new Guarded(payer.channelId(), sequence, Amount.of(sequence));
  }

  private static ReceivedEvent news(Guarded... vouchers) {
    return new ReceivedEvent(
        UUID.randomUUID(),
        Instant.now(),
        "tower",
        new VouchersGuarded(List.of(vouchers), Instant.now()));
  }

  private static void awaitKept(Payer payer) {
    var log = gateway.context.getBean(GuardLog.class);
    await().until(() -> log.find(payer.channelId()).isPresent());
  }

  private List<String> ids(String query) {
    var ids = new ArrayList<String>();
    for (var one : json(gateway.get(merchant, "/v1/channels" + query)).get("data")) {
      ids.add(one.get("id").stringValue());
    }
    return ids;
  }

  private boolean guarded(String payment) {
    var answer = gateway.get(merchant, "/v1/payments/" + payment);
    assertThat(answer.statusCode()).isEqualTo(200);
    return json(answer).get("guarded").booleanValue();
  }

  private void awaitGuarded(String payment) {
    await().ignoreExceptionsInstanceOf(AssertionError.class).until(() -> guarded(payment));
  }

  private String pay(Payer payer, long sequence) {
    return pay(merchant, payer, sequence);
  }

  private static String pay(Account merchant, Payer payer, long sequence) {
    var id = new PaymentId("pay_%013d%013d".formatted(RUN, ++number));
    var voucher = payer.keys().voucher(Payer.offer(1), payer.channel(), Amount.of(1)).voucher();
    events.publish(
        new PaymentAccepted(
            id,
            payer.channelId(),
            payer.channel(),
            new MerchantId(merchant.id()),
            Amount.of(1),
            Amount.of(sequence),
            voucher,
            sequence,
            "/thing",
            Instant.now()));
    return id.value();
  }

  private void guard(Payer payer, long sequence) {
    events.publish(
        new VouchersGuarded(
            List.of(new Guarded(payer.channelId(), sequence, Amount.of(sequence))), Instant.now()));
  }
}
