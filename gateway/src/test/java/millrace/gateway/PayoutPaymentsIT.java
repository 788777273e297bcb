package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.testkit.TestPostgres;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From a payout down to the payments that it paid out.
class PayoutPaymentsIT {
  /// A gateway reads what other tests have published before, and their payments are not these.
  private static final long RUN = new Random().nextLong(1_000_000_000_000L);

  private static GatewayFixture gateway;
  private static TestEvents events;
  private static int number;

  private final Payer payer = Payer.fresh();
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
  void payoutsUsePaymentsUpInTheirOrder() {
    var ids = pay(30, 50, 20, 40);
    var first = payout(60);
    var second = payout(25);
    var third = payout(55);
    assertThat(covered(first, ""))
        .containsExactly(tuple(ids.get(1), "30"), tuple(ids.get(0), "30"));
    assertThat(covered(second, ""))
        .containsExactly(tuple(ids.get(2), "5"), tuple(ids.get(1), "20"));
    assertThat(covered(third, ""))
        .containsExactly(tuple(ids.get(3), "40"), tuple(ids.get(2), "15"));
  }

  @Test
  void theyAreListedAPageAtATime() {
    var ids = pay(10, 10, 10, 10, 10);
    var payout = payout(50);
    assertThat(covered(payout, "?limit=2"))
        .containsExactly(tuple(ids.get(4), "10"), tuple(ids.get(3), "10"));
    assertThat(covered(payout, "?limit=10&starting_after=" + ids.get(3)))
        .extracting(line -> line.toList().getFirst())
        .containsExactly(ids.get(2), ids.get(1), ids.get(0));
    var page = json(gateway.get(merchant, "/v1/payouts/" + payout + "/payments?limit=2"));
    assertThat(page.get("has_more").booleanValue()).isTrue();
  }

  @Test
  void theyAreFoundByWhoPaidAndFromWhere() {
    var ids = pay(10, 10);
    var payout = payout(20);
    assertThat(covered(payout, "?channel=" + payer.channelId())).hasSize(2);
    assertThat(covered(payout, "?payer=" + payer.channel().payer()))
        .contains(tuple(ids.getFirst(), "10"));
    assertThat(covered(payout, "?channel=0x" + "0".repeat(64))).isEmpty();
    assertThat(covered(payout, "?payer=0x" + "0".repeat(40))).isEmpty();
  }

  @Test
  void anotherMerchantsPayoutIsNotShown() {
    pay(10);
    var payout = payout(10);
    var path = "/v1/payouts/" + payout + "/payments";
    assertThat(gateway.get(gateway.merchant(), path).statusCode()).isEqualTo(404);
    assertThat(gateway.get(merchant, "/v1/payouts/po_nonsense/payments").statusCode())
        .isEqualTo(404);
  }

  private List<Tuple> covered(String payout, String query) {
    var page = json(gateway.get(merchant, "/v1/payouts/" + payout + "/payments" + query));
    var lines = new ArrayList<Tuple>();
    for (var line : page.get("data")) {
      lines.add(tuple(line.get("id").stringValue(), line.get("covered").stringValue()));
    }
    return lines;
  }

  private List<String> pay(long... amounts) {
    var ids = new ArrayList<String>();
    var voucher = payer.keys().voucher(Payer.offer(1), payer.channel(), Amount.of(1)).voucher();
    for (long amount : amounts) {
      var id = new PaymentId("pay_%013d%013d".formatted(RUN, ++number));
      ids.add(id.value());
      events.publish(
          new PaymentAccepted(
              id,
              payer.channelId(),
              payer.channel(),
              new MerchantId(merchant.id()),
              Amount.of(amount),
              Amount.of(amount),
              voucher,
              number,
              "/thing",
              Instant.now()));
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                json(gateway.get(merchant, "/v1/payments?limit=100")).get("data").size()
                    == amounts.length);
    return ids;
  }

  private String payout(long amount) {
    var made =
        gateway.send(
            gateway
                .request("POST", "/v1/payouts", merchant.key())
                .header("Idempotency-Key", "payout-" + ++number)
                .POST(BodyPublishers.ofString("{\"amount\":\"%d\"}".formatted(amount))));
    assertThat(made.statusCode()).isEqualTo(201);
    return json(made).get("id").stringValue();
  }
}
