package millrace.channel;

import static millrace.channel.PaymentsIT.reason;
import static millrace.channel.PaymentsIT.taken;
import static millrace.channel.TestHub.again;
import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.HoldEndOutcome.Ended;
import millrace.messaging.command.HoldEndOutcome.Refused;
import millrace.messaging.command.HoldSearch;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.ChannelEvent.HoldPlaced;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.junit.jupiter.api.Test;

final class HoldsIT {
  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();

  @Test
  void isChargedAtOnceAndTheMerchantsOnlyWhenCaptured() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);

    var held = taken(hub.hold(request, soon()));

    assertThat(held.status()).isEqualTo(PaymentStatus.HELD);
    assertThat(held.channel().charged()).isEqualTo(Amount.of(100));
    assertThat(available()).isEqualTo(Amount.ZERO);
    assertThat(ended(hub.endHold(request, 30)).status()).isEqualTo(PaymentStatus.CHARGED);
    assertThat(available()).isEqualTo(Amount.of(30));
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(100));
    balances();
  }

  @Test
  void whatIsNotCapturedPaysForTheNextPayments() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.hold(request, soon());
    hub.endHold(request, 30);

    var first = taken(hub.charge(request(channel, merchant, 150, 50)));
    assertThat(first.amount()).isEqualTo(Amount.of(50));
    assertThat(first.chargedAnew()).isEqualTo(Amount.of(1));
    assertThat(first.channel().charged()).isEqualTo(Amount.of(101));

    var second = taken(hub.charge(request(channel, merchant, 151, 50)));
    assertThat(second.fromCredit()).contains(Amount.of(21));
    assertThat(second.channel().charged()).isEqualTo(Amount.of(130));

    assertThat(available()).isEqualTo(Amount.of(130));
    balances();
  }

  @Test
  void isAnsweredTheSameWhenRepeatedEvenAfterItHasEnded() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    var held = taken(hub.hold(request, soon()));
    hub.endHold(request, 0);

    var again = taken(hub.hold(again(request, request.fingerprint()), soon()));

    assertThat(again.replayed()).isTrue();
    assertThat(again.id()).isEqualTo(held.id());
    assertThat(again.status()).isEqualTo(PaymentStatus.HELD);
    assertThat(again.channel()).isEqualTo(held.channel());
    assertThat(again.expiresAt()).isEqualTo(held.expiresAt());
    assertThat(status(request)).isEqualTo(PaymentStatus.CANCELED);
  }

  @Test
  void endsOnceHoweverOftenAndFromHowManySidesItIsAsked() throws Exception {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.hold(request, soon());

    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 24)
              .mapToObj(
                  i -> callers.submit(() -> hub.endHold(request, 40, i < 12 ? "one" : "key" + i)))
              .toList();
      for (var call : calls) {
        switch (call.get()) {
          case Ended ended -> assertThat(ended.payment().amount()).isEqualTo(Amount.of(40));
          case Refused(var reason) ->
              assertThat(reason).isIn(RefusalReason.IN_FLIGHT, RefusalReason.HOLD_ENDED);
        }
      }
    }

    assertThat(available()).isEqualTo(Amount.of(40));
    balances();
  }

  @Test
  void aRepeatUnderOneKeyGetsTheSameAnswerAndAnotherAmountIsRefused() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.hold(request, soon());

    var first = (Ended) hub.endHold(request, 40, "once");
    var again = (Ended) hub.endHold(request, 40, "once");

    assertThat(first.replayed()).isFalse();
    assertThat(again.replayed()).isTrue();
    assertThat(again.payment()).isEqualTo(first.payment());
    assertThat(hub.endHold(request, 41, "once"))
        .isEqualTo(new Refused(RefusalReason.IDEMPOTENCY_KEY_REUSED));
    assertThat(hub.endHold(request, 40, "twice")).isEqualTo(new Refused(RefusalReason.HOLD_ENDED));
    assertThat(available()).isEqualTo(Amount.of(40));
  }

  @Test
  void isNobodyElsesAndNeverCapturedForMore() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.hold(request, soon());

    var other = new HoldEndCommand(request.id(), merchant(), Amount.of(10), "key", "capture 10");
    assertThat(hub.post("/internal/holds", other, HoldEndOutcome.class))
        .isEqualTo(new Refused(RefusalReason.HOLD_NOT_FOUND));
    assertThat(hub.endHold(request, 101)).isEqualTo(new Refused(RefusalReason.CAPTURE_TOO_LARGE));
    assertThat(status(request)).isEqualTo(PaymentStatus.HELD);
  }

  @Test
  void isGivenBackWhenItsTimeIsOver() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.hold(request, Instant.now());

    assertThat(hub.endHold(request, 10)).isEqualTo(new Refused(RefusalReason.HOLD_ENDED));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(status(request)).isEqualTo(PaymentStatus.CANCELED));
    assertThat(taken(hub.charge(request(channel, merchant, 110, 10))).chargedAnew())
        .isEqualTo(Amount.of(1));
    balances();
  }

  @Test
  void maybeCapturedForAQuarterOfTheDelayOnceThePayerLeaves() {
    var inTime = withdrawing(Instant.now());
    assertThat(ended(hub.endHold(inTime, 100)).status()).isEqualTo(PaymentStatus.CHARGED);

    var delay = hub.terms().withdrawDelaySeconds();
    var late = withdrawing(Instant.now().minusSeconds(delay / 4 + 1));
    assertThat(hub.endHold(late, 100)).isEqualTo(new Refused(RefusalReason.HOLD_ENDED));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(status(late)).isEqualTo(PaymentStatus.CANCELED));
  }

  /// A hold whose payer asked for its money at that time.
  private PaymentRequest withdrawing(Instant askedAt) {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.hold(request, soon());
    long finalize = askedAt.getEpochSecond() + hub.terms().withdrawDelaySeconds();
    hub.report(new WithdrawalSeen(channel.id(), new PendingWithdrawal(Amount.of(1), finalize, 11)));
    assertThat(reason(hub.hold(request(channel, merchant, 200, 100), soon())))
        .isEqualTo(RefusalReason.WITHDRAWAL_PENDING);
    return request;
  }

  @Test
  void tellsWhatMayBeClaimedAndWhatNot() {
    var channel = hub.open(1_000);
    hub.charge(request(channel, merchant, 50, 50));
    var request = request(channel, merchant, 150, 100);
    hub.hold(request, soon());
    hub.endHold(request, 30);

    var key = channel.id().toString();
    var placed = read(PublishedEvents.of(hub, key, "hold_placed").getFirst(), HoldPlaced.class);
    assertThat(placed.claimTarget()).isEqualTo(Amount.of(50));
    assertThat(placed.charged()).isEqualTo(Amount.of(150));
    var captured = PublishedEvents.payments(hub, channel.id()).getLast();
    assertThat(captured.amount()).isEqualTo(Amount.of(30));
    assertThat(captured.charged()).isEqualTo(Amount.of(150));
    assertThat(captured.due()).isEqualTo(Optional.of(Amount.of(80)));
    assertThat(captured.sequence()).isEqualTo(placed.sequence() + 1);
    assertThat(captured.voucher()).isEqualTo(placed.voucher());
  }

  @Test
  void isListedForItsMerchantAloneUntilItEnds() {
    var channel = hub.open(1_000);
    var other = hub.open(1_000);
    var first = request(channel, merchant, 10, 10);
    var second = request(other, merchant, 20, 20);
    var ended = request(channel, merchant, 15, 5);
    var stranger = request(channel, merchant(), 20, 5);
    List.of(first, second, ended, stranger).forEach(it -> taken(hub.hold(it, soon())));
    hub.endHold(ended, 5);

    var all = search(Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(listed(all)).containsExactly(second.id(), first.id());
    var payer = channel.config().payer();
    var ofPayer = search(Optional.empty(), Optional.of(payer), Optional.of("quot"));
    assertThat(listed(ofPayer)).containsExactly(first.id());
    var ofChannel = search(Optional.of(other.id()), Optional.empty(), Optional.empty());
    assertThat(listed(ofChannel)).containsExactly(second.id());
    assertThat(listed(search(Optional.empty(), Optional.empty(), Optional.of("rt_")))).isEmpty();
    assertThat(listed(in(second.id().value(), 9, Instant.EPOCH, soon())))
        .containsExactly(first.id());
    assertThat(listed(in("pay_z", 1, Instant.EPOCH, soon()))).containsExactly(second.id());
    assertThat(listed(in("pay_z", 9, soon(), soon()))).isEmpty();
    assertThat(listed(in("pay_z", 9, Instant.EPOCH, Instant.EPOCH))).isEmpty();
  }

  @Test
  void isNotHeldLongerThanTheLimitWhateverIsAsked() {
    var channel = hub.open(1_000);
    var held =
        taken(
            hub.hold(request(channel, merchant, 10, 10), Instant.now().plus(Duration.ofDays(90))));
    assertThat(held.expiresAt().orElseThrow()).isBefore(Instant.now().plus(Duration.ofDays(8)));
  }

  private HoldSearch search(
      Optional<ChannelId> channel, Optional<Address> payer, Optional<String> soldAt) {
    return new HoldSearch(merchant, "pay_z", 9, channel, payer, soldAt, Instant.EPOCH, soon());
  }

  private HoldSearch in(String before, int limit, Instant from, Instant to) {
    return new HoldSearch(
        merchant, before, limit, Optional.empty(), Optional.empty(), Optional.empty(), from, to);
  }

  private List<PaymentId> listed(HoldSearch wanted) {
    var found = hub.post("/internal/holds/search", wanted, PaymentView[].class);
    return Stream.of(found).map(PaymentView::id).toList();
  }

  private static <T> T read(String json, Class<T> type) {
    return MessagingJson.mapper().readValue(json, type);
  }

  private static PaymentView ended(HoldEndOutcome outcome) {
    assertThat(outcome).isInstanceOf(Ended.class);
    return ((Ended) outcome).payment();
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(600);
  }

  private PaymentStatus status(PaymentRequest request) {
    return hub.get("/internal/payments/" + request.id(), PaymentView.class).status();
  }

  private Amount available() {
    return hub.get("/internal/merchants/" + merchant + "/balances", BalanceView[].class)[0]
        .available();
  }

  private void balances() {
    assertThat(hub.ledger().summary().balances()).isTrue();
    assertThat(hub.ledger().accountsOff()).isZero();
  }
}
