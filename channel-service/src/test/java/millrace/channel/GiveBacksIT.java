package millrace.channel;

import static millrace.channel.PaymentsIT.taken;
import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.GiveBackOutcome.Refused;
import millrace.messaging.command.GiveBackOutcome.Taken;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.GiveBackView.GiveBackStatus;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChannelEvent.CreditGiven;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.SettlementEvent.GiveBackDenied;
import millrace.messaging.event.SettlementEvent.GiveBackGranted;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.testkit.Persona;
import org.junit.jupiter.api.Test;

/// Refunds by merchants. Settlement is what these tests say it is.
final class GiveBacksIT {
  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();
  private final TestChannel channel = hub.open(1_000);
  private long charged;

  @Test
  void whatIsGivenBackPaysForTheNextPayments() {
    var payment = paid(100);

    var pending = asked(payment, Optional.of(Amount.of(40)), "one");
    assertThat(pending.status()).isEqualTo(GiveBackStatus.PENDING);
    assertThat(available()).isEqualTo(Amount.of(60));
    granted(pending);

    assertThat(shown(pending).status()).isEqualTo(GiveBackStatus.SUCCEEDED);
    assertThat(available()).isEqualTo(Amount.of(60));
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(100));
    var next = taken(hub.charge(request(channel, merchant, 150, 50)));
    assertThat(next.fromCredit()).contains(Amount.of(40));
    assertThat(next.channel().charged()).isEqualTo(Amount.of(110));
    assertThat(available()).isEqualTo(Amount.of(110));
    balances();
  }

  @Test
  void grantedTwiceIsGivenBackOnce() {
    var refund = asked(paid(100), Optional.empty(), "one");
    granted(refund);
    granted(refund);
    denied(refund);

    assertThat(shown(refund).status()).isEqualTo(GiveBackStatus.SUCCEEDED);
    assertThat(available()).isEqualTo(Amount.ZERO);
    balances();
  }

  @Test
  void whatWasPromisedAlreadyIsTheMerchantsAgain() {
    var payment = paid(100);
    var refund = asked(payment, Optional.empty(), "one");
    assertThat(available()).isEqualTo(Amount.ZERO);
    denied(refund);
    denied(refund);
    granted(refund);

    assertThat(shown(refund).status()).isEqualTo(GiveBackStatus.FAILED);
    assertThat(available()).isEqualTo(Amount.of(100));
    assertThat(asked(payment, Optional.empty(), "two").amount()).isEqualTo(Amount.of(100));
    balances();
  }

  @Test
  void neverMoreThanThePaymentHoweverItIsCutUp() {
    var payment = paid(100);
    paid(100);
    granted(asked(payment, Optional.of(Amount.of(60)), "one"));
    asked(payment, Optional.of(Amount.of(30)), "two");

    assertThat(ask(payment, Optional.of(Amount.of(11)), "three"))
        .isEqualTo(new Refused(RefusalReason.REFUND_TOO_LARGE));
    assertThat(asked(payment, Optional.empty(), "rest").amount()).isEqualTo(Amount.of(10));
    assertThat(ask(payment, Optional.empty(), "nothing left"))
        .isEqualTo(new Refused(RefusalReason.REFUND_TOO_LARGE));
    assertThat(available()).isEqualTo(Amount.of(100));
    balances();
  }

  /// Goal: a merchant finds its refunds by what they give back, how they stand and when they were
  /// asked for.
  @Test
  void listsThoseOfAPaymentAStateAndATime() {
    var payment = paid(100);
    var first = asked(payment, Optional.of(Amount.of(60)), "one");
    var second = asked(paid(100), Optional.of(Amount.of(30)), "two");
    granted(first);

    var list = ListQuery.newest(9);
    assertThat(listed(list)).containsExactly(second.id(), first.id());
    assertThat(listed(list.of(Optional.of(payment.id().value())))).containsExactly(first.id());
    assertThat(listed(list.in(Optional.of(GiveBackStatus.PENDING)))).containsExactly(second.id());
    var at = Optional.of(second.createdAt().truncatedTo(ChronoUnit.MICROS));
    assertThat(listed(list.created(at, Optional.empty()))).containsExactly(second.id());
    assertThat(listed(list.created(Optional.empty(), at))).containsExactly(first.id());
    assertThat(listed(ListQuery.newest(9).after(Optional.of(second.id().value()))))
        .containsExactly(first.id());
  }

  private List<RefundId> listed(ListQuery query) {
    var path = "/internal/merchants/" + merchant + "/give-backs?" + query.text();
    return Arrays.stream(hub.get(path, GiveBackView[].class)).map(GiveBackView::id).toList();
  }

  @Test
  void neverMoreThanTheMerchantHas() {
    var payment = paid(100);
    payout(70);

    assertThat(ask(payment, Optional.of(Amount.of(31)), "much"))
        .isEqualTo(new Refused(RefusalReason.INSUFFICIENT_FUNDS));
    assertThat(asked(payment, Optional.of(Amount.of(30)), "little").amount())
        .isEqualTo(Amount.of(30));
    assertThat(available()).isEqualTo(Amount.ZERO);
    balances();
  }

  @Test
  void onlyItsOwnMerchantGivesAPaymentBackAndOnlyWhatIsCharged() {
    var payment = paid(100);
    var other = command(payment.id(), merchant(), Optional.empty(), "key");
    assertThat(post(0, other)).isEqualTo(new Refused(RefusalReason.PAYMENT_NOT_FOUND));

    var held = request(channel, merchant, 150, 50);
    hub.hold(held, Instant.now().plusSeconds(600));
    assertThat(ask(held, Optional.empty(), "held"))
        .isEqualTo(new Refused(RefusalReason.PAYMENT_NOT_FOUND));
    hub.endHold(held, 20);
    assertThat(asked(held, Optional.empty(), "captured").amount()).isEqualTo(Amount.of(20));
  }

  /// What the payer of such a channel is owed, nobody knows.
  @Test
  void nothingIsGivenBackOnAChannelWhoseHistoryIsLost() {
    var payment = paid(100);
    lost(true);
    assertThat(ask(payment, Optional.empty(), "one"))
        .isEqualTo(new Refused(RefusalReason.STATE_LOST));
    assertThat(available()).isEqualTo(Amount.of(100));
    lost(false);
    granted(asked(payment, Optional.empty(), "one"));
    balances();
  }

  private void lost(boolean is) {
    hub.sql()
        .sql("UPDATE channel SET lost = ? WHERE channel_id = ?")
        .params(is, channel.id().toArray())
        .update();
  }

  @Test
  void aStormOfOneKeyIsOneRefundAndOthersFindNothingLeft() throws Exception {
    var payment = paid(100);
    paid(300);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 40)
              .mapToObj(
                  i ->
                      callers.submit(
                          () ->
                              post(
                                  i % 2,
                                  command(
                                      payment.id(),
                                      merchant,
                                      Optional.of(Amount.of(80)),
                                      i < 20 ? "one" : "key" + i))))
              .toList();
      for (var call : calls) {
        switch (call.get()) {
          case Taken taken -> assertThat(taken.refund().amount()).isEqualTo(Amount.of(80));
          case Refused(var reason) ->
              assertThat(reason).isIn(RefusalReason.IN_FLIGHT, RefusalReason.REFUND_TOO_LARGE);
        }
      }
    }
    assertThat(list()).hasSize(1);
    assertThat(available()).isEqualTo(Amount.of(320));
    balances();
  }

  /// Goal: who asks again while the first request is at work is told so at once, by another replica
  /// too, and gets its answer later. The first waits because a session of ours holds the merchant's
  /// account.
  @Test
  void whoAsksAgainWhileTheFirstIsAtWorkIsToldSo() throws Exception {
    var payment = paid(100);
    var command = command(payment.id(), merchant, Optional.of(Amount.of(40)), "once");
    try (var callers = Executors.newVirtualThreadPerTaskExecutor();
        var held = HeldRow.account(hub, merchant)) {
      var first = callers.submit(() -> post(0, command));
      held.awaitSomebodyWaiting();

      assertThat(post(0, command)).isEqualTo(new Refused(RefusalReason.IN_FLIGHT));
      assertThat(post(1, command)).isEqualTo(new Refused(RefusalReason.IN_FLIGHT));
      assertThat(first.isDone()).isFalse();
      held.letGo();

      var taken = (Taken) first.get();
      assertThat(taken.replayed()).isFalse();
      assertThat(post(1, command)).isEqualTo(new Taken(taken.refund(), true));
    }
    assertThat(list()).hasSize(1);
    assertThat(available()).isEqualTo(Amount.of(60));
  }

  @Test
  void aRepeatIsToldHowItEndedAndOtherParametersAreRefused() {
    var payment = paid(100);
    var first = asked(payment, Optional.of(Amount.of(40)), "once");
    granted(first);

    var again = (Taken) ask(payment, Optional.of(Amount.of(40)), "once");
    assertThat(again.replayed()).isTrue();
    assertThat(again.refund().id()).isEqualTo(first.id());
    assertThat(again.refund().status()).isEqualTo(GiveBackStatus.SUCCEEDED);
    assertThat(ask(payment, Optional.of(Amount.of(41)), "once"))
        .isEqualTo(new Refused(RefusalReason.IDEMPOTENCY_KEY_REUSED));
    assertThat(available()).isEqualTo(Amount.of(60));
  }

  @Test
  void tellsSettlementWhatWasEarnedInAllAndThenWhatIsDue() {
    var payment = paid(100);
    granted(asked(payment, Optional.of(Amount.of(40)), "one"));
    var last = asked(payment, Optional.of(Amount.of(5)), "two");

    var key = channel.id().toString();
    var requested = PublishedEvents.of(hub, key, "give_back_requested");
    for (var json : requested) {
      var event = read(json, GiveBackRequested.class);
      assertThat(event.earned()).isEqualTo(Amount.of(100));
    }
    granted(last);
    var given = read(PublishedEvents.of(hub, key, "credit_given").getLast(), CreditGiven.class);
    assertThat(given.charged()).isEqualTo(Amount.of(100));
    assertThat(given.claimTarget()).isEqualTo(Amount.of(55));
    assertThat(given.sequence()).isEqualTo(3);
  }

  private PaymentRequest paid(long price) {
    charged += price;
    var request = request(channel, merchant, charged, price);
    taken(hub.charge(request));
    return request;
  }

  private GiveBackView asked(PaymentRequest payment, Optional<Amount> amount, String key) {
    var outcome = ask(payment, amount, key);
    assertThat(outcome).isInstanceOf(Taken.class);
    return ((Taken) outcome).refund();
  }

  private GiveBackOutcome ask(PaymentRequest payment, Optional<Amount> amount, String key) {
    return post(0, command(payment.id(), merchant, amount, key));
  }

  private GiveBackOutcome post(int replica, GiveBackCommand command) {
    return hub.post(replica, "/internal/give-backs", command, GiveBackOutcome.class);
  }

  private static GiveBackCommand command(
      PaymentId payment, MerchantId of, Optional<Amount> amount, String key) {
    return new GiveBackCommand(
        new RefundId("re_" + TestHub.id()),
        of,
        payment,
        Persona.MERCHANT.address(),
        amount,
        key,
        payment + " " + amount);
  }

  private void granted(GiveBackView refund) {
    hub.report(new GiveBackGranted(refund.id(), refund.channelId(), refund.merchantId()));
  }

  private void denied(GiveBackView refund) {
    hub.report(new GiveBackDenied(refund.id(), refund.channelId(), refund.merchantId()));
  }

  private void payout(long amount) {
    var id = TestHub.id();
    var command =
        new PayoutCommand(
            new PayoutId("po_" + id),
            merchant,
            Persona.MERCHANT.address(),
            token(),
            Optional.of(Amount.of(amount)),
            "key-" + id,
            "print");
    assertThat(hub.post("/internal/payouts", command, PayoutOutcome.class))
        .isInstanceOf(PayoutOutcome.Taken.class);
  }

  private GiveBackView shown(GiveBackView refund) {
    return hub.get("/internal/give-backs/" + refund.id(), GiveBackView.class);
  }

  private List<GiveBackView> list() {
    return List.of(
        hub.get("/internal/merchants/" + merchant + "/give-backs?limit=20", GiveBackView[].class));
  }

  private Amount available() {
    return hub.get("/internal/merchants/" + merchant + "/balances", BalanceView[].class)[0]
        .available();
  }

  private Address token() {
    return hub.terms().token().address();
  }

  private static <T> T read(String json, Class<T> type) {
    return MessagingJson.mapper().readValue(json, type);
  }

  private void balances() {
    assertThat(hub.ledger().summary().balances()).isTrue();
    assertThat(hub.ledger().accountsOff()).isZero();
  }
}
