package millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.GiveBackSent;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.protocol.channel.ChainState;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;
import millrace.protocol.type.Ulid;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A merchant's refund on chain goes through the channel as a payer's does, and is told to its
/// merchant alone.
class RefundEventsIT {
  private static final Amount SOME = Amount.of(4);
  private static final Bytes32 TRANSACTION = Bytes32.of("0x" + "7e".repeat(32));

  private static GatewayFixture gateway;
  private static TestEvents events;

  private Shop shop;
  private Shop other;
  private MerchantId merchant;
  private PaymentAccepted paid;

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
  void newMerchants() {
    shop = new Shop(gateway);
    other = new Shop(gateway);
    merchant = new MerchantId(shop.account.id());
    paid = shop.paid(10);
  }

  @Test
  void whatLeftOnChainIsToldToItsMerchantAlone() {
    bothArePaid();
    var refund = refund();
    events.publish(asked(refund));
    events.publish(confirmed(refund, Optional.of(merchant)));
    events.publish(sent(refund));
    shop.awaitEvent("refund.succeeded");

    assertThat(shop.list("/v1/events?type=refund.succeeded"))
        .singleElement()
        .satisfies(
            event -> {
              var data = event.get("data");
              assertThat(data.get("object").stringValue()).isEqualTo("refund");
              assertThat(data.get("method").stringValue()).isEqualTo("on_chain");
              assertThat(data.get("transaction").stringValue()).isEqualTo(TRANSACTION.toString());
            });
    assertThat(data("refund.created").get("method").stringValue()).isEqualTo("on_chain");
    payersOwnRefundIsToldToBoth();
    assertThat(other.list("/v1/events?type=refund.created")).isEmpty();
    assertThat(types(shop)).containsExactly("refund");
  }

  @Test
  void whatCouldNotLeaveIsInTheBalanceAgainAndSaysWhy() {
    bothArePaid();
    var refund = refund();
    events.publish(asked(refund));
    events.publish(
        new RefundFailed(
            refund, paid.channelId(), SOME, "refused", Optional.of(merchant), Optional.empty()));
    events.publish(failed(refund));
    shop.awaitEvent("refund.failed");

    assertThat(shop.list("/v1/events?type=refund.failed")).hasSize(1);
    assertThat(data("refund.failed").get("failure_reason").stringValue()).isEqualTo("daily_limit");
    assertThat(types(shop)).containsExactlyInAnyOrder("refund_failure", "refund");
    payersOwnRefundIsToldToBoth();
    assertThat(other.list("/v1/events?type=refund.failed")).isEmpty();
  }

  /// Comes last, so that whoever was told nothing before had been passed over.
  private void payersOwnRefundIsToldToBoth() {
    events.publish(confirmed(refund(), Optional.empty()));
    other.awaitEvent("refund.succeeded");
    assertThat(other.list("/v1/events?type=refund.succeeded"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.get("data").get("object").stringValue())
                    .isEqualTo("channel_refund"));
  }

  private void bothArePaid() {
    events.publish(paid);
    events.publish(
        new PaymentAccepted(
            new PaymentId("pay_" + Ulid.of(Instant.now(), new byte[10])),
            paid.channelId(),
            paid.config(),
            new MerchantId(other.account.id()),
            paid.amount(),
            Amount.of(20),
            paid.voucher(),
            paid.sequence() + 1,
            "http://shop.example/8",
            Instant.now()));
    shop.awaitEvents(1);
    other.awaitEvents(1);
  }

  private static RefundId refund() {
    return new RefundId("re_" + Ulid.of(Instant.now(), new byte[10]));
  }

  private GiveBackRequested asked(RefundId refund) {
    return new GiveBackRequested(
        refund,
        paid.paymentId(),
        paid.channelId(),
        merchant,
        paid.config().payer(),
        paid.config().token(),
        SOME,
        Amount.of(10),
        Instant.now(),
        Optional.of(GiveBackMethod.ON_CHAIN));
  }

  private GiveBackSent sent(RefundId refund) {
    return new GiveBackSent(
        refund,
        paid.paymentId(),
        paid.channelId(),
        merchant,
        paid.config().token(),
        SOME,
        TRANSACTION,
        Instant.now());
  }

  private GiveBackFailed failed(RefundId refund) {
    return new GiveBackFailed(
        refund,
        paid.paymentId(),
        paid.channelId(),
        merchant,
        paid.config().token(),
        SOME,
        Instant.now(),
        Optional.of(GiveBackMethod.ON_CHAIN),
        Optional.of(GiveBackFailure.DAILY_LIMIT));
  }

  private RefundConfirmed confirmed(RefundId refund, Optional<MerchantId> of) {
    var after = new ChainState(9, Amount.of(96), Amount.of(6), BigInteger.ONE, Optional.empty());
    return new RefundConfirmed(refund, paid.channelId(), SOME, TRANSACTION, after, of);
  }

  private JsonNode data(String type) {
    return shop.list("/v1/events?type=" + type).getFirst().get("data");
  }

  /// Of what moved the balance since the payment.
  private static List<String> types(Shop shop) {
    return shop.list("/v1/balance_transactions").stream()
        .map(one -> one.get("type").stringValue())
        .filter(type -> type.startsWith("refund"))
        .toList();
  }
}
