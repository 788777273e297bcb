package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.PayoutOutcome.Refused;
import millrace.messaging.command.PayoutOutcome.Taken;
import millrace.messaging.command.PayoutPlace;
import millrace.messaging.command.PayoutView;
import millrace.messaging.command.PayoutView.PayoutStatus;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.SettlementEvent.PayoutCancelRefused;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.testkit.Persona;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PayoutsIT {
  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();

  @BeforeEach
  void earnsAThousand() {
    hub.charge(request(hub.open(1_000), merchant, 1_000, 1_000));
  }

  @Test
  void movesExactlyTheAmountAndPaysItOnce() {
    var taken = (Taken) payout(command(Optional.of(Amount.of(400))));
    assertThat(balance()).isEqualTo(balance(600, 400, 0));

    for (int i = 0; i < 2; i++) {
      hub.report(
          new PayoutConfirmed(
              taken.payout().id(),
              merchant,
              Persona.MERCHANT.address(),
              token(),
              Amount.of(400),
              TestChannel.bytes32(77)));
    }

    assertThat(balance()).isEqualTo(balance(600, 0, 400));
    var view = hub.get("/internal/payouts/" + taken.payout().id(), PayoutView.class);
    assertThat(view.status()).isEqualTo(PayoutStatus.PAID);
    assertThat(view.transaction()).contains(TestChannel.bytes32(77));
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  @Test
  void putsTheMoneyBackOnceWhenItFails() {
    var taken = (Taken) payout(command(Optional.empty()));
    assertThat(balance()).isEqualTo(balance(0, 1_000, 0));

    for (int i = 0; i < 2; i++) {
      hub.report(
          new PayoutFailed(taken.payout().id(), merchant, token(), Amount.of(1_000), "no gas"));
    }

    assertThat(balance()).isEqualTo(balance(1_000, 0, 0));
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  @Test
  void isTakenOncePerKey() {
    var command = command(Optional.of(Amount.of(400)));
    var first = (Taken) payout(command);
    var repeat = (Taken) payout(with(command, "print"));
    var other = payout(with(command, "other print"));

    assertThat(repeat.replayed()).isTrue();
    assertThat(repeat.payout()).isEqualTo(first.payout());
    assertThat(other).isEqualTo(new Refused(RefusalReason.IDEMPOTENCY_KEY_REUSED));
    assertThat(balance()).isEqualTo(balance(600, 400, 0));
  }

  /// Goal: who asks again while the first request is at work is told so at once, by another replica
  /// too, and gets its answer later.
  @Test
  void whoAsksAgainWhileTheFirstIsAtWorkIsToldSo() throws Exception {
    var command = command(Optional.of(Amount.of(400)));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor();
        var held = HeldRow.account(hub, merchant)) {
      var first = callers.submit(() -> payout(0, command));
      held.awaitSomebodyWaiting();

      for (int replica = 0; replica < 2; replica++) {
        assertThat(payout(replica, with(command, "print")))
            .isEqualTo(new Refused(RefusalReason.IN_FLIGHT));
      }
      assertThat(first.isDone()).isFalse();
      held.letGo();

      var taken = (Taken) first.get();
      assertThat(taken.replayed()).isFalse();
      assertThat(payout(1, with(command, "print"))).isEqualTo(new Taken(taken.payout(), true));
    }
    assertThat(balance()).isEqualTo(balance(600, 400, 0));
  }

  @Test
  void isTakenOnceHoweverManyAskAtOnceUnderOneKey() throws Exception {
    var command = command(Optional.of(Amount.of(400)));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 40)
              .mapToObj(i -> callers.submit(() -> payout(i % 2, with(command, "print"))))
              .toList();
      var fresh = 0;
      for (var call : calls) {
        switch (call.get()) {
          case Taken taken -> fresh += taken.replayed() ? 0 : 1;
          case Refused(var reason) -> assertThat(reason).isEqualTo(RefusalReason.IN_FLIGHT);
        }
      }
      assertThat(fresh).isEqualTo(1);
    }
    assertThat(((Taken) payout(with(command, "print"))).replayed()).isTrue();
    assertThat(listed(ListQuery.newest(9))).hasSize(1);
    assertThat(balance()).isEqualTo(balance(600, 400, 0));
  }

  @Test
  void refusesWhatTheMerchantDoesNotHave() {
    assertThat(payout(command(Optional.of(Amount.of(1_001)))))
        .isEqualTo(new Refused(RefusalReason.INSUFFICIENT_FUNDS));
    assertThat(payout(command(Optional.of(Amount.ZERO))))
        .isEqualTo(new Refused(RefusalReason.INSUFFICIENT_FUNDS));
    payout(command(Optional.empty()));
    assertThat(payout(command(Optional.empty())))
        .isEqualTo(new Refused(RefusalReason.INSUFFICIENT_FUNDS));
  }

  @Test
  void listsTheNewestFirst() {
    var ids =
        Arrays.asList(
            ((Taken) payout(command(Optional.of(Amount.of(1))))).payout().id(),
            ((Taken) payout(command(Optional.of(Amount.of(2))))).payout().id(),
            ((Taken) payout(command(Optional.of(Amount.of(3))))).payout().id());

    var path = "/internal/merchants/" + merchant + "/payouts?limit=2";
    var first = hub.get(path, PayoutView[].class);
    var second = hub.get(path + "&startingAfter=" + first[1].id(), PayoutView[].class);

    assertThat(first).extracting(PayoutView::id).containsExactly(ids.get(2), ids.get(1));
    assertThat(second).extracting(PayoutView::id).containsExactly(ids.get(0));
    assertThat(hub.get(path + "000").statusCode()).isEqualTo(400);
    assertThat(hub.get(path.replace("=2", "=0")).statusCode()).isEqualTo(400);
  }

  /// Goal: a merchant finds its payouts by how they stand and when they were asked for.
  @Test
  void listsThoseOfAStateAndATime() {
    var failed = ((Taken) payout(command(Optional.of(Amount.of(1))))).payout().id();
    var pending = ((Taken) payout(command(Optional.of(Amount.of(2))))).payout();
    hub.report(new PayoutFailed(failed, merchant, token(), Amount.of(1), "no gas"));

    var list = ListQuery.newest(9);
    assertThat(listed(list.in(Optional.of(PayoutStatus.PENDING)))).containsExactly(pending.id());
    assertThat(listed(list.in(Optional.of(PayoutStatus.FAILED)))).containsExactly(failed);
    assertThat(listed(list.in(Optional.of(PayoutStatus.PAID)))).isEmpty();
    var at = Optional.of(pending.createdAt().truncatedTo(ChronoUnit.MICROS));
    assertThat(listed(list.created(at, Optional.empty()))).containsExactly(pending.id());
    assertThat(listed(list.created(Optional.empty(), at))).containsExactly(failed);
    assertThat(listed(list.created(at, at))).isEmpty();
  }

  private List<PayoutId> listed(ListQuery query) {
    var path = "/internal/merchants/" + merchant + "/payouts?" + query.text();
    return Arrays.stream(hub.get(path, PayoutView[].class)).map(PayoutView::id).toList();
  }

  @Test
  void saysWhichPartOfTheEarningsItPaid() {
    var first = ((Taken) payout(command(Optional.of(Amount.of(100))))).payout().id();
    var failed = ((Taken) payout(command(Optional.of(Amount.of(200))))).payout().id();
    var last = ((Taken) payout(command(Optional.of(Amount.of(300))))).payout().id();
    assertThat(place(last)).isEqualTo(new PayoutPlace(merchant, Amount.of(300), Amount.of(300)));

    hub.report(new PayoutFailed(failed, merchant, token(), Amount.of(200), "no gas"));

    assertThat(place(first)).isEqualTo(new PayoutPlace(merchant, Amount.ZERO, Amount.of(100)));
    assertThat(place(failed)).isEqualTo(new PayoutPlace(merchant, Amount.of(100), Amount.ZERO));
    assertThat(place(last)).isEqualTo(new PayoutPlace(merchant, Amount.of(100), Amount.of(300)));
    assertThat(hub.get("/internal/payouts/po_" + TestHub.id() + "/place").statusCode())
        .isEqualTo(404);
  }

  @Test
  void isCanceledOnceAndOnlyWhenSettlementSaysSo() {
    var taken = ((Taken) payout(command(Optional.of(Amount.of(400))))).payout();
    var asked = (Taken) cancel(taken.id(), merchant);
    assertThat(asked.payout().status()).isEqualTo(PayoutStatus.PENDING);
    assertThat(balance()).isEqualTo(balance(600, 400, 0));

    for (int i = 0; i < 2; i++) {
      hub.report(new PayoutCanceled(taken.id(), merchant, token(), Amount.of(400)));
    }

    assertThat(balance()).isEqualTo(balance(1_000, 0, 0));
    var again = (Taken) cancel(taken.id(), merchant);
    assertThat(again.replayed()).isTrue();
    assertThat(again.payout().status()).isEqualTo(PayoutStatus.CANCELED);
    hub.report(new PayoutFailed(taken.id(), merchant, token(), Amount.of(400), "late"));
    assertThat(balance()).isEqualTo(balance(1_000, 0, 0));
    assertThat(PublishedEvents.of(hub, merchant.value(), "payout_cancel_requested")).hasSize(1);
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  @Test
  void takesItsCourseWhenSettlementHasPromisedIt() {
    var taken = ((Taken) payout(command(Optional.of(Amount.of(400))))).payout();
    cancel(taken.id(), merchant);
    hub.report(new PayoutCancelRefused(taken.id(), merchant));

    assertThat(cancel(taken.id(), merchant))
        .isEqualTo(new Refused(RefusalReason.PAYOUT_NOT_PENDING));
    hub.report(
        new PayoutConfirmed(
            taken.id(),
            merchant,
            Persona.MERCHANT.address(),
            token(),
            Amount.of(400),
            TestChannel.bytes32(78)));
    assertThat(balance()).isEqualTo(balance(600, 0, 400));
    assertThat(cancel(taken.id(), merchant))
        .isEqualTo(new Refused(RefusalReason.PAYOUT_NOT_PENDING));
  }

  @Test
  void isCanceledByItsOwnMerchantOnly() {
    var taken = ((Taken) payout(command(Optional.of(Amount.of(400))))).payout();
    assertThat(cancel(taken.id(), merchant()))
        .isEqualTo(new Refused(RefusalReason.PAYOUT_NOT_FOUND));
    assertThat(cancel(new PayoutId("po_" + TestHub.id()), merchant))
        .isEqualTo(new Refused(RefusalReason.PAYOUT_NOT_FOUND));
    assertThat(PublishedEvents.of(hub, merchant.value(), "payout_cancel_requested")).isEmpty();
  }

  /// Goal: the payout's id is the key of its cancellation, and is held like any other.
  @Test
  void whoCancelsWhileAnotherIsAboutToIsToldSo() throws Exception {
    var taken = ((Taken) payout(command(Optional.of(Amount.of(400))))).payout();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor();
        var held =
            new HeldRow(hub, "SELECT FROM payout WHERE id = ? FOR UPDATE", taken.id().value())) {
      var first = callers.submit(() -> cancel(0, taken.id(), merchant));
      held.awaitSomebodyWaiting();

      for (int replica = 0; replica < 2; replica++) {
        assertThat(cancel(replica, taken.id(), merchant))
            .isEqualTo(new Refused(RefusalReason.IN_FLIGHT));
      }
      assertThat(first.isDone()).isFalse();
      held.letGo();

      assertThat(first.get()).isEqualTo(new Taken(taken, false));
      assertThat(cancel(1, taken.id(), merchant)).isEqualTo(new Taken(taken, true));
    }
    assertThat(PublishedEvents.of(hub, merchant.value(), "payout_cancel_requested")).hasSize(1);
  }

  private PayoutOutcome cancel(PayoutId id, MerchantId of) {
    return cancel(0, id, of);
  }

  private PayoutOutcome cancel(int replica, PayoutId id, MerchantId of) {
    return hub.post(
        replica,
        "/internal/payout-cancellations",
        new PayoutCancelCommand(id, of),
        PayoutOutcome.class);
  }

  private PayoutPlace place(PayoutId id) {
    return hub.get("/internal/payouts/" + id + "/place", PayoutPlace.class);
  }

  private PayoutCommand command(Optional<Amount> amount) {
    var id = TestHub.id();
    return new PayoutCommand(
        new PayoutId("po_" + id),
        merchant,
        Persona.MERCHANT.address(),
        token(),
        amount,
        "key-" + id,
        "print");
  }

  private static PayoutCommand with(PayoutCommand command, String fingerprint) {
    return new PayoutCommand(
        new PayoutId("po_" + TestHub.id()),
        command.merchantId(),
        command.payee(),
        command.token(),
        command.amount(),
        command.idempotencyKey(),
        fingerprint);
  }

  private PayoutOutcome payout(PayoutCommand command) {
    return payout(0, command);
  }

  private PayoutOutcome payout(int replica, PayoutCommand command) {
    return hub.post(replica, "/internal/payouts", command, PayoutOutcome.class);
  }

  private BalanceView balance() {
    return hub.get("/internal/merchants/" + merchant + "/balances", BalanceView[].class)[0];
  }

  private BalanceView balance(long available, long inPayout, long paidOut) {
    return new BalanceView(token(), Amount.of(available), Amount.of(inPayout), Amount.of(paidOut));
  }

  private Address token() {
    return hub.terms().token().address();
  }
}
