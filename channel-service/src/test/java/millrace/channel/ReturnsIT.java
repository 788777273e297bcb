package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static millrace.channel.TestHub.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.GiveBackOutcome.Refused;
import millrace.messaging.command.GiveBackOutcome.Taken;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.GiveBackView.GiveBackStatus;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.ChannelEvent.DueChanged;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.GiveBackSent;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.messaging.event.Event;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.messaging.event.SettlementEvent.GiveBackDenied;
import millrace.messaging.event.SettlementEvent.GiveBackGranted;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.messaging.event.SettlementEvent.RefundFailure;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.RefundId;
import millrace.testkit.Persona;
import org.junit.jupiter.api.Test;

/// Refunds by merchants that leave on chain. Settlement is what these tests say it is.
final class ReturnsIT {
  private static final Bytes32 TRANSACTION = Bytes32.of("0x" + "7e".repeat(32));

  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();
  private final TestChannel channel = hub.open(1_000);
  private long charged;

  @Test
  void leavesTheChannelAndPaymentsGoOnAsIfItHadNot() {
    var payment = paid(900);
    var refund = asked(payment, 400, "one");
    assertThat(available()).isEqualTo(Amount.of(500));
    granted(refund);
    assertThat(shown(refund).status()).isEqualTo(GiveBackStatus.PENDING);
    balances();

    confirmed(refund, state(20, 600, 500));
    var ended = shown(refund);
    assertThat(ended.status()).isEqualTo(GiveBackStatus.SUCCEEDED);
    assertThat(ended.transaction()).contains(TRANSACTION);
    assertThat(hub.channel(channel.id()).balance()).isEqualTo(Amount.of(600));
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(900));
    balances();

    assertThat(PaymentsIT.reason(hub.charge(request(channel, merchant, 1_001, 101))))
        .isEqualTo(RefusalReason.EXCEEDS_BALANCE);
    paid(100);
    assertThat(available()).isEqualTo(Amount.of(600));
    balances();
  }

  @Test
  void paymentsGoOnWhileItIsOnItsWay() {
    granted(asked(paid(900), 400, "one"));
    assertThat(PaymentsIT.reason(hub.charge(request(channel, merchant, 1_001, 101))))
        .isEqualTo(RefusalReason.EXCEEDS_BALANCE);
    paid(100);
    balances();
  }

  @Test
  void tellsWhatIsDueNowAndHasItSentOnce() {
    var payment = paid(900);
    var refund = asked(payment, 400, "one");
    granted(refund);
    granted(refund);
    hub.report(new GiveBackDenied(refund.id(), refund.channelId(), refund.merchantId()));

    var requested = last("give_back_requested", GiveBackRequested.class);
    assertThat(requested.method()).contains(GiveBackMethod.ON_CHAIN);
    var due = last("due_changed", DueChanged.class);
    assertThat(due.charged()).isEqualTo(Amount.of(900));
    assertThat(due.claimTarget()).isEqualTo(Amount.of(500));
    assertThat(due.sequence()).isEqualTo(2);
    assertThat(PublishedEvents.of(hub, key(), "refund_authorized")).hasSize(1);
    var authorized = last("refund_authorized", RefundAuthorized.class);
    assertThat(authorized.refundId()).isEqualTo(refund.id());
    assertThat(authorized.totalClaimed()).isEqualTo(Amount.of(500));
    assertThat(authorized.amount()).isEqualTo(Amount.of(400));
    assertThat(authorized.merchant()).contains(merchant);

    confirmed(refund, state(20, 600, 500));
    confirmed(refund, state(20, 600, 500));
    assertThat(PublishedEvents.of(hub, key(), "give_back_sent")).hasSize(1);
    assertThat(last("give_back_sent", GiveBackSent.class).transaction()).isEqualTo(TRANSACTION);
    assertThat(reserved()).isZero();
    balances();
  }

  /// There would be enough in the channel for another one, and to let go of another one's.
  @Test
  void aSmallOneIsSentOnceAndLetGoOnce() {
    var payment = paid(900);
    var first = asked(payment, 50, "one");
    granted(first);
    granted(first);
    assertThat(reserved()).isEqualTo(50);
    assertThat(PublishedEvents.of(hub, key(), "refund_authorized")).hasSize(1);

    confirmed(first, state(20, 950, 850));
    granted(asked(payment, 40, "two"));
    confirmed(first, state(20, 950, 850));
    assertThat(reserved()).isEqualTo(40);
    balances();
  }

  @Test
  void isTheMerchantsAgainWhenItCouldNotLeave() {
    var payment = paid(900);
    var refund = asked(payment, 400, "one");
    granted(refund);
    failed(refund, RefundFailure.DAILY_LIMIT);
    failed(refund, RefundFailure.DAILY_LIMIT);
    granted(refund);
    confirmed(refund, state(9, 600, 500));

    assertThat(shown(refund).status()).isEqualTo(GiveBackStatus.FAILED);
    assertThat(shown(refund).failure()).contains(GiveBackFailure.DAILY_LIMIT);
    assertThat(available()).isEqualTo(Amount.of(900));
    var due = last("due_changed", DueChanged.class);
    assertThat(due.claimTarget()).isEqualTo(Amount.of(900));
    assertThat(due.sequence()).isEqualTo(3);
    assertThat(PublishedEvents.of(hub, key(), "give_back_failed")).hasSize(1);
    assertThat(last("give_back_failed", GiveBackFailed.class).reason())
        .contains(GiveBackFailure.DAILY_LIMIT);
    balances();
    paid(100);
    assertThat(asked(payment, 900, "again").amount()).isEqualTo(Amount.of(900));
    balances();
  }

  @Test
  void whatWasPromisedAlreadyDoesNotLeave() {
    var refund = asked(paid(900), 400, "one");
    failed(refund, RefundFailure.DAILY_LIMIT); // Nothing was begun.
    assertThat(shown(refund).status()).isEqualTo(GiveBackStatus.PENDING);
    hub.report(new GiveBackDenied(refund.id(), refund.channelId(), refund.merchantId()));
    granted(refund);

    assertThat(shown(refund).failure()).contains(GiveBackFailure.PROMISED);
    assertThat(available()).isEqualTo(Amount.of(900));
    assertThat(PublishedEvents.of(hub, key(), "refund_authorized")).isEmpty();
    balances();
  }

  @Test
  void whatWasClaimedCannotLeave() {
    var payment = paid(900);
    hub.report(new ChannelStateSeen(channel.id(), state(15, 1_000, 900)));
    assertThat(ask(payment, Optional.of(Amount.of(101)), "much"))
        .isEqualTo(new Refused(RefusalReason.REFUND_NO_BALANCE));
    var refund = asked(payment, 100, "little");
    assertThat(available()).isEqualTo(Amount.of(800));
    granted(refund);
    confirmed(refund, state(20, 900, 900));
    paid(100);
    assertThat(available()).as("out of what was claimed").isEqualTo(Amount.of(900));
    balances();
  }

  /// Between the merchant's question and settlement's answer.
  @Test
  void isTheMerchantsAgainWhenAClaimOrThePayerCameFirst() {
    var payment = paid(900);
    var late = asked(payment, 400, "late");
    hub.report(new ChannelStateSeen(channel.id(), state(15, 1_000, 900)));
    granted(late);
    assertThat(shown(late).failure()).contains(GiveBackFailure.TOO_LITTLE_UNCLAIMED);
    var leaving = asked(payment, 100, "leaving");
    leaves();
    granted(leaving);
    assertThat(shown(leaving).failure()).contains(GiveBackFailure.PAYER_LEAVING);
    assertThat(available()).isEqualTo(Amount.of(900));
    assertThat(ask(payment, Optional.of(Amount.of(100)), "later"))
        .isEqualTo(new Refused(RefusalReason.WITHDRAWAL_PENDING));
    assertThat(PublishedEvents.of(hub, key(), "refund_authorized")).isEmpty();
    balances();
  }

  @Test
  void isDueAgainWhenThePayerLeftWithIt() {
    var refund = asked(paid(900), 400, "one");
    granted(refund);
    leaves();
    hub.report(new ChannelStateSeen(channel.id(), state(30, 850, 500)));
    failed(refund, RefundFailure.TOO_LITTLE_UNCLAIMED);
    assertThat(last("due_changed", DueChanged.class).claimTarget()).isEqualTo(Amount.of(900));
    assertThat(available()).isEqualTo(Amount.of(900));
    assertThat(number("SELECT amount FROM exposure WHERE channel_id = ?")).isEqualTo(50);
    balances();
  }

  /// What the payer of such a channel is owed, nobody knows; so it waits for somebody who does.
  @Test
  void nothingBeginsOrEndsOnAChannelWhoseHistoryIsLost() {
    var refund = asked(paid(900), 400, "one");
    lost(true);
    granted(refund);
    assertThat(shown(refund).status()).isEqualTo(GiveBackStatus.PENDING);
    assertThat(PublishedEvents.of(hub, key(), "refund_authorized")).isEmpty();
    lost(false);
    granted(refund);
    lost(true);
    failed(refund, RefundFailure.DAILY_LIMIT);
    assertThat(shown(refund).status()).isEqualTo(GiveBackStatus.PENDING);
    assertThat(reserved()).isEqualTo(400);
    lost(false);
    failed(refund, RefundFailure.DAILY_LIMIT);
    assertThat(shown(refund).status()).isEqualTo(GiveBackStatus.FAILED);
    assertThat(available()).isEqualTo(Amount.of(900));
    balances();
  }

  private void lost(boolean is) {
    hub.sql()
        .sql("UPDATE channel SET lost = ? WHERE channel_id = ?")
        .params(is, channel.id().toArray())
        .update();
  }

  @Test
  void thePayersOwnRefundWaitsForItAndThenTakesNothingTwice() {
    var refund = asked(paid(900), 400, "one");
    granted(refund);
    assertThat(((RefundOutcome.Refused) withdrawAll()).reason())
        .isEqualTo(RefusalReason.REFUND_TOO_SOON);
    confirmed(refund, state(20, 600, 500));
    assertThat(withdrawAll()).isInstanceOf(RefundOutcome.Pending.class);
    assertThat(last("refund_authorized", RefundAuthorized.class).amount())
        .isEqualTo(Amount.of(100));
  }

  @Test
  void aKeyOfARefundAsCreditIsNoKeyOfOneOnChain() {
    var payment = paid(900);
    asked(payment, 400, "one");
    var credit =
        new GiveBackCommand(
            new RefundId("re_" + TestHub.id()),
            merchant,
            payment.id(),
            Persona.MERCHANT.address(),
            Optional.of(Amount.of(400)),
            "one",
            payment.id() + " 400");
    assertThat(hub.post("/internal/give-backs", credit, GiveBackOutcome.class))
        .isEqualTo(new Refused(RefusalReason.IDEMPOTENCY_KEY_REUSED));
    var again = (Taken) ask(payment, Optional.of(Amount.of(400)), "one");
    assertThat(again.replayed()).isTrue();
    assertThat(again.refund().leavesOnChain()).isTrue();
  }

  private RefundOutcome withdrawAll() {
    var command = new RefundCommand(channel.config(), channel.voucher(charged), Optional.empty());
    return hub.post("/internal/refunds", command, RefundOutcome.class);
  }

  private void leaves() {
    hub.report(
        new WithdrawalSeen(
            channel.id(), new PendingWithdrawal(Amount.of(100), 2_000_000_000L, 25)));
  }

  private PaymentRequest paid(long price) {
    charged += price;
    var request = request(channel, merchant, charged, price);
    assertThat(hub.charge(request)).isInstanceOf(PaymentOutcome.Taken.class);
    return request;
  }

  private GiveBackView asked(PaymentRequest payment, long amount, String key) {
    var outcome = ask(payment, Optional.of(Amount.of(amount)), key);
    assertThat(outcome).isInstanceOf(Taken.class);
    return ((Taken) outcome).refund();
  }

  private GiveBackOutcome ask(PaymentRequest payment, Optional<Amount> amount, String key) {
    var command =
        new GiveBackCommand(
            new RefundId("re_" + TestHub.id()),
            merchant,
            payment.id(),
            Persona.MERCHANT.address(),
            amount,
            key,
            payment.id() + " " + amount + " on chain",
            Optional.of(GiveBackMethod.ON_CHAIN));
    return hub.post("/internal/give-backs", command, GiveBackOutcome.class);
  }

  private void granted(GiveBackView refund) {
    hub.report(new GiveBackGranted(refund.id(), refund.channelId(), refund.merchantId()));
  }

  private void confirmed(GiveBackView refund, ChainState after) {
    hub.report(
        new RefundConfirmed(
            refund.id(), channel.id(), refund.amount(), TRANSACTION, after, Optional.of(merchant)));
  }

  private void failed(GiveBackView refund, RefundFailure reason) {
    hub.report(
        new RefundFailed(
            refund.id(),
            channel.id(),
            refund.amount(),
            "refused",
            Optional.of(merchant),
            Optional.of(reason)));
  }

  private GiveBackView shown(GiveBackView refund) {
    return hub.get("/internal/give-backs/" + refund.id(), GiveBackView.class);
  }

  private long reserved() {
    return number("SELECT reserved_refund FROM channel WHERE channel_id = ?");
  }

  private long number(String ofChannel) {
    return hub.sql().sql(ofChannel).param(channel.id().toArray()).query(Long.class).single();
  }

  private Amount available() {
    return hub.get("/internal/merchants/" + merchant + "/balances", BalanceView[].class)[0]
        .available();
  }

  private <T extends Event> T last(String kind, Class<T> type) {
    return MessagingJson.mapper().readValue(PublishedEvents.of(hub, key(), kind).getLast(), type);
  }

  private String key() {
    return channel.id().toString();
  }

  private void balances() {
    assertThat(hub.ledger().summary().balances()).isTrue();
    assertThat(hub.ledger().accountsOff()).isZero();
  }
}
