package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.Event;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.protocol.type.Ulid;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What moved a balance, out of the events that tell of it.
class BalanceTransactionsIT {
  private static final Address PAYEE = Address.of("0x" + "1".repeat(40));

  private static final String NOTED_LINK = "{\"amount\":\"5\",\"metadata\":{\"invoice\":\"8\"}}";

  private static GatewayFixture gateway;
  private static TestEvents events;
  private static int number;

  private final Payer payer = Payer.fresh();
  private Account account;
  private MerchantId merchant;

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
    account = gateway.merchant();
    merchant = new MerchantId(account.id());
  }

  @Test
  void theNetsOfAllThatHappenedAddUp() {
    var refund = new RefundId("re_" + ulid());
    var failed = new PayoutId("po_" + ulid());
    var canceled = new PayoutId("po_" + ulid());
    publish(paid(1_000, 30), paid(500, 0));
    publish(asked(refund, 100), failed(refund, 100));
    publish(asked(new RefundId("re_" + ulid()), 200));
    publish(payout(failed, 300), new PayoutFailed(failed, merchant, token(), Amount.of(300), "x"));
    publish(payout(canceled, 50), new PayoutCanceled(canceled, merchant, token(), Amount.of(50)));
    publish(payout(new PayoutId("po_" + ulid()), 400));

    var all = all("");
    assertThat(all).hasSize(10);
    assertThat(all)
        .extracting(one -> one.get("type").stringValue())
        .containsExactlyInAnyOrder(
            "payment",
            "payment",
            "refund",
            "refund_failure",
            "refund",
            "payout",
            "payout_failure",
            "payout",
            "payout_cancel",
            "payout");
    for (var one : all) {
      assertThat(number(one, "net")).isEqualTo(number(one, "amount").subtract(number(one, "fee")));
    }
    assertThat(sum(all, "net")).isEqualTo(1_470 - 200 - 400);
    assertThat(sum(all, "fee")).isEqualTo(30);
    assertThat(all("&type=payment").getLast().get("net").stringValue()).isEqualTo("970");
    assertThat(all("&source=" + refund)).hasSize(2);
    assertThat(sum(all("&source=" + refund), "net")).isZero();
    assertThat(all("&type=payout_cancel").getFirst().get("amount").stringValue()).isEqualTo("50");
  }

  @Test
  void areListedAPageAtATimeWithoutGapsOrRepeats() {
    for (int i = 0; i < 5; i++) publish(paid(10, 1), payout(new PayoutId("po_" + ulid()), 3));
    var all = all("");
    assertThat(all).hasSize(10);
    var ids = new ArrayList<String>();
    var cursor = "";
    boolean more = true;
    while (more) {
      var page = json(gateway.get(account, "/v1/balance_transactions?limit=3" + cursor));
      for (var one : page.get("data")) ids.add(one.get("id").stringValue());
      cursor = "&starting_after=" + ids.getLast();
      more = page.get("has_more").booleanValue();
    }
    assertThat(ids)
        .containsExactlyElementsOf(all.stream().map(one -> one.get("id").stringValue()).toList());
    for (var one : all) {
      var path = "/v1/balance_transactions/" + one.get("id").stringValue();
      assertThat(json(gateway.get(account, path))).isEqualTo(one);
      assertThat(gateway.get(gateway.merchant(), path).statusCode()).isEqualTo(404);
    }
  }

  /// Goal: a hold belongs to the day on which it was captured, wherever its id sorts.
  @Test
  void aPeriodHasWhatHappenedInItAndAHoldWhenItWasCaptured() {
    var noon = Instant.parse("2026-11-20T12:00:00Z");
    var id = new PaymentId("pay_" + Ulid.of(noon.minus(Duration.ofDays(6)), new byte[10]));
    publish(paid(id, 700, 0, noon), paid(30, 0), payout(new PayoutId("po_" + ulid()), 20));
    assertThat(all("")).hasSize(3);
    var day = "&created%5Bgte%5D=2026-11-20T12:00:00Z&created%5Blt%5D=2026-11-21T12:00:00Z";
    assertThat(all(day)).hasSize(1);
    assertThat(all(day).getFirst().get("source").stringValue()).isEqualTo(id.value());
    assertThat(all("&created%5Blt%5D=2026-11-20T12:00:00Z")).isEmpty();
    assertThat(sum(all("&created%5Bgte%5D=2026-11-21T12:00:00Z"), "net")).isEqualTo(10);

    var listed = json(gateway.get(account, "/v1/payments?limit=9" + day)).get("data");
    assertThat(listed).hasSize(1);
    assertThat(listed.get(0).get("id").stringValue()).isEqualTo(id.value());
    assertThat(gateway.get(account, "/v1/reports/payments?" + day.substring(1)).body())
        .contains(id.value());
  }

  @Test
  void anEntryShowsWhatIsNotedOnItsSource() {
    var sold = "\"amount\":\"10\",\"resource\":{\"url\":\"http://shop.example/7\"}";
    var payment =
        made(
            "/v1/payments",
            "{\"payment_signature\":\"%s\",%s,\"metadata\":{\"order\":\"7\"}}"
                .formatted(payer.voucher(10, 10), sold));
    var link = made("/v1/payment_links", NOTED_LINK);
    var refund =
        made(
            "/v1/refunds",
            "{\"payment\":\"%s\",\"amount\":\"1\",\"metadata\":{\"why\":\"late\"}}"
                .formatted(payment));
    var payout = made("/v1/payouts", "{\"amount\":\"5\",\"metadata\":{\"week\":\"48\"}}");
    var linked = new PaymentId("pay_" + ulid());
    var strangers = id(gateway.post(gateway.merchant(), "/v1/payment_links", NOTED_LINK));
    var other = new PaymentId("pay_" + ulid());
    publish(
        paid(new PaymentId(payment), 10, 0, "/thing", Instant.now()),
        paid(linked, 5, 0, "http://hub.example/pay/" + link, Instant.now()),
        paid(other, 5, 0, "http://hub.example/pay/" + strangers, Instant.now()),
        asked(new RefundId(refund), 1),
        payout(new PayoutId(payout), 5),
        payout(new PayoutId("po_" + ulid()), 3));

    assertThat(all("")).hasSize(6);
    assertThat(noted(other.value())).isEqualTo("{}");
    assertThat(noted(payment)).isEqualTo("{\"order\":\"7\"}");
    assertThat(noted(linked.value())).isEqualTo("{\"invoice\":\"8\"}");
    assertThat(noted(refund)).isEqualTo("{\"why\":\"late\"}");
    assertThat(noted(payout)).isEqualTo("{\"week\":\"48\"}");
    assertThat(all("").getFirst().get("metadata").toString()).isEqualTo("{}");
  }

  private String noted(String source) {
    var found = all("&source=" + source);
    assertThat(found).hasSize(1);
    var path = "/v1/balance_transactions/" + found.getFirst().get("id").stringValue();
    assertThat(json(gateway.get(account, path))).isEqualTo(found.getFirst());
    return found.getFirst().get("metadata").toString();
  }

  private String made(String path, String body) {
    var made =
        gateway.send(
            gateway
                .request("POST", path, account.key())
                .header("Idempotency-Key", "made-" + ++number)
                .POST(BodyPublishers.ofString(body)));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return id(made);
  }

  private static String id(HttpResponse<String> made) {
    return json(made).get("id").stringValue();
  }

  @Test
  void whatIsWrongIsNamed() {
    var type = gateway.get(account, "/v1/balance_transactions?type=gift");
    assertThat(type.statusCode()).isEqualTo(400);
    assertThat(json(type).get("param").stringValue()).isEqualTo("type");
    var source = gateway.get(account, "/v1/balance_transactions?source=x");
    assertThat(source.statusCode()).isEqualTo(400);
    assertThat(json(source).get("param").stringValue()).isEqualTo("source");
  }

  /// Once as many are there as were published, and no more come of it when they are read again.
  private List<JsonNode> all(String filter) {
    var found = new ArrayList<JsonNode>();
    await().atMost(Duration.ofSeconds(60)).until(() -> listed("").size() >= published());
    found.addAll(listed(filter));
    return found;
  }

  private List<JsonNode> listed(String filter) {
    var page = json(gateway.get(account, "/v1/balance_transactions?limit=100" + filter));
    var found = new ArrayList<JsonNode>();
    page.get("data").forEach(found::add);
    return found;
  }

  private int published;

  private int published() {
    return published;
  }

  private void publish(Event... some) {
    for (var event : some) events.publish(event);
    published += some.length;
  }

  private PaymentAccepted paid(long amount, long fee) {
    return paid(new PaymentId("pay_" + ulid()), amount, fee, Instant.now());
  }

  private PaymentAccepted paid(PaymentId id, long amount, long fee, Instant at) {
    return paid(id, amount, fee, "/thing", at);
  }

  private PaymentAccepted paid(PaymentId id, long amount, long fee, String resource, Instant at) {
    var voucher = payer.keys().voucher(Payer.offer(1), payer.channel(), Amount.of(1)).voucher();
    return new PaymentAccepted(
        id,
        payer.channelId(),
        payer.channel(),
        merchant,
        Amount.of(amount),
        Amount.of(amount),
        voucher,
        ++number,
        resource,
        at,
        Optional.empty(),
        Optional.of(Amount.of(fee)).filter(some -> !some.isZero()));
  }

  private GiveBackRequested asked(RefundId refund, long amount) {
    return new GiveBackRequested(
        refund,
        new PaymentId("pay_" + ulid()),
        payer.channelId(),
        merchant,
        PAYEE,
        token(),
        Amount.of(amount),
        Amount.of(5_000),
        Instant.now());
  }

  private GiveBackFailed failed(RefundId refund, long amount) {
    return new GiveBackFailed(
        refund,
        new PaymentId("pay_" + ulid()),
        payer.channelId(),
        merchant,
        token(),
        Amount.of(amount),
        Instant.now());
  }

  private PayoutRequested payout(PayoutId id, long amount) {
    return new PayoutRequested(id, merchant, PAYEE, token(), Amount.of(amount), Instant.now());
  }

  private static Address token() {
    return GatewayFixture.TERMS.token().address();
  }

  private static String ulid() {
    byte[] random = BigInteger.valueOf(++number).add(BigInteger.ONE.shiftLeft(72)).toByteArray();
    return Ulid.of(Instant.now(), random);
  }

  private static long sum(List<JsonNode> all, String field) {
    return all.stream()
        .map(one -> number(one, field))
        .reduce(BigInteger.ZERO, BigInteger::add)
        .longValueExact();
  }

  private static BigInteger number(JsonNode one, String field) {
    return new BigInteger(one.get(field).stringValue());
  }
}
