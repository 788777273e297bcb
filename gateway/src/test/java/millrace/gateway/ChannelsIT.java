package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import millrace.gateway.GatewayFixture.Account;
import millrace.gateway.channel.GuardLog;
import millrace.gateway.webhook.EventSchemas;
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
  void whoAsksForItIsToldWhatTheTowerHolds() {
    var shop = new Shop(gateway);
    var other = new Shop(gateway);
    other.endpoint("\"payment.succeeded\"", "");
    shop.endpoint("\"channel.guarded\"", "");
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
    shop.endpoint("\"channel.guarded\"", "");
    guard(shop.payer, 7);
    awaitKept(shop.payer);
    assertThat(shop.mine()).isEmpty();
    events.publish(shop.paid(1));
    var told = GatewayFixture.JSON.readTree(shop.told(1).getFirst().body());
    assertThat(told.get("data").get("guarded").stringValue()).isEqualTo("7");
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
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(() -> guarded(payment));
  }

  private String pay(Payer payer, long sequence) {
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
