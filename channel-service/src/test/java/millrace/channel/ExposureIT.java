package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static millrace.channel.TestHub.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import millrace.channel.guard.Exposure;
import millrace.messaging.command.ChannelStanding;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Refused;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.PriceLimitView;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.VouchersGuarded;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What is served while the tower does not hold the vouchers: so much, and no more. 160 for a
/// payer, 1000 in all; one channel may use 10 without a look at its payer's others.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExposureIT {
  private TestHub hub;

  @BeforeAll
  void start() {
    hub =
        TestHub.start(
                TestPostgres.freshDatabase(),
                2,
                Map.of(
                    "millrace.channel.exposure.per-payer", "160",
                    "millrace.channel.exposure.total", "1000",
                    "millrace.channel.exposure.check-interval", "200ms"))
            .deaf();
    hub.headSeen(Instant.now().plusSeconds(600));
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @Test
  void aPayerIsServedUpToTheLimitAndAgainWhenTheTowerHasCaughtUp() {
    var channel = hub.open(1_000);
    assertTaken(pay(channel, 160, 160));
    assertBehind(pay(channel, 161, 1));
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(160));

    guard(channel, 1, 160);
    assertTaken(pay(channel, 161, 1));
    guard(channel, 2, 161);
  }

  /// Goal: nobody waits for what never comes, and gateways know before they offer it.
  @Test
  void aPriceAboveTheLimitIsRefusedForGood() {
    var channel = hub.open(1_000);
    assertThat(pay(channel, 161, 161))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.PRICE_ABOVE_LIMIT));
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.ZERO);
    assertThat(hub.get("/internal/price-limit", PriceLimitView.class))
        .isEqualTo(
            new PriceLimitView(Optional.of(Amount.of(160)), "millrace.channel.exposure.per-payer"));
  }

  @Test
  void allChannelsOfAPayerCount() {
    var one = hub.open(1_000);
    var other = TestChannel.of(hub.terms(), one.payer());
    hub.report(new ChannelStateSeen(other.id(), state(10, 1_000, 0)));
    assertTaken(pay(one, 100, 100));
    assertBehind(pay(other, 61, 61));
    assertTaken(pay(other, 60, 60));
    assertBehind(pay(one, 101, 1));

    guard(one, 1, 100);
    assertTaken(pay(other, 160, 100));
    guard(other, 2, 160);
  }

  @Test
  void channelsOfAPayerCountTogetherWithinOneBatch() {
    var one = hub.open(1_000);
    var other = TestChannel.of(hub.terms(), one.payer());
    hub.report(new ChannelStateSeen(other.id(), state(10, 1_000, 0)));
    var merchant = merchant();
    pay(one, 1, 1);
    pay(other, 1, 1);

    var outcomes =
        hub.pay(
            0,
            new Charge(request(one, merchant, 100, 99)),
            new Charge(request(other, merchant, 100, 99)),
            new Charge(request(other, merchant, 50, 49)));

    assertTaken(outcomes.get(0));
    assertBehind(outcomes.get(1));
    assertTaken(outcomes.get(2));
    guard(one, 2, 100);
    guard(other, 2, 50);
  }

  /// Each of the channels alone would be within the limit, and two replicas are asked at once.
  @Test
  void channelsOfAPayerCountTogetherWhenTheyPayAtOnce() throws Exception {
    var payer = TestChannel.of(hub.terms()).payer();
    var channels = Stream.generate(() -> TestChannel.of(hub.terms(), payer)).limit(16).toList();
    channels.forEach(
        channel -> hub.report(new ChannelStateSeen(channel.id(), state(10, 1_000, 0))));
    var merchant = merchant();
    long taken;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<Future<PaymentOutcome>>();
      for (int i = 0; i < channels.size(); i++) {
        int replica = i;
        var charge = new Charge(request(channels.get(i), merchant, 20, 20));
        asked.add(threads.submit(() -> hub.pay(replica, charge).getFirst()));
      }
      taken = 0;
      for (var one : asked) {
        if (one.get() instanceof Taken) taken++;
      }
    }
    assertThat(taken).isEqualTo(8);
    channels.forEach(channel -> guard(channel, 1, hub.channel(channel.id()).charged()));
  }

  @Test
  void aHeldPriceCountsForThePayersOtherChannels() {
    var one = hub.open(1_000);
    var other = TestChannel.of(hub.terms(), one.payer());
    hub.report(new ChannelStateSeen(other.id(), state(10, 1_000, 0)));
    var held = request(one, merchant(), 100, 100);
    assertTaken(hub.reserve(held, Instant.now().plusSeconds(60)));
    assertBehind(pay(other, 61, 61));
    assertTaken(hub.release(held));
    assertTaken(pay(other, 61, 61));
    guard(other, 1, 61);
  }

  @Test
  void whatWasClaimedOnChainNeedsNoGuard() {
    var channel = hub.open(1_000);
    assertTaken(pay(channel, 160, 160));
    hub.report(new ChannelStateSeen(channel.id(), state(11, 1_000, 100)));
    assertTaken(pay(channel, 260, 100));
    assertBehind(pay(channel, 261, 1));
    guard(channel, 2, 260);
  }

  @Test
  void oldNewsOfTheTowerChangeNothing() {
    var channel = hub.open(1_000);
    assertTaken(pay(channel, 100, 100));
    guard(channel, 1, 100);
    assertTaken(pay(channel, 200, 100));
    guard(channel, 2, 200);

    guard(channel, 2, 200);
    guard(channel, 1, 100);

    awaitExposed(Amount.ZERO);
    assertTaken(pay(channel, 360, 160));
    assertBehind(pay(channel, 361, 1));
    guard(channel, 3, 360);
  }

  /// The tower may have lost a voucher for good; the total must not keep it for ever.
  @Test
  void whatWasClaimedLeavesTheTotalWithoutTheTower() {
    awaitExposed(Amount.ZERO);
    var channels = Stream.generate(() -> hub.open(1_000)).limit(6).toList();
    channels.forEach(channel -> assertTaken(pay(channel, 100, 100)));
    // All at once: nobody looks for more of it when less than half of the limit is left.
    hub.report(
        channels.stream()
            .map(channel -> new ChannelStateSeen(channel.id(), state(11, 1_000, 70)))
            .toArray(ChannelStateSeen[]::new));
    awaitExposed(Amount.of(180));

    channels.forEach(channel -> guard(channel, 1, 100));
    awaitExposed(Amount.ZERO);
    channels.forEach(channel -> assertTaken(pay(channel, 150, 50)));
    awaitExposed(Amount.of(300));
    channels.forEach(channel -> guard(channel, 2, 150));
  }

  @Test
  void moreClaimedThanChargedIsNotExposed() {
    var channel = hub.open(1_000);
    assertTaken(pay(channel, 100, 100));
    guard(channel, 1, 100);
    hub.report(new ChannelStateSeen(channel.id(), state(11, 1_000, 150)));
    awaitExposed(Amount.ZERO);
    assertTaken(pay(channel, 151, 1));
    guard(channel, 2, 151);
    awaitExposed(Amount.ZERO);
  }

  /// Of many payers, each below its own limit: every replica sees what the other has charged.
  @Test
  void theTotalStopsPayersOnAllReplicas() {
    awaitExposed(Amount.ZERO);
    var channels = Stream.generate(() -> hub.open(1_000)).limit(10).toList();
    channels.forEach(channel -> awaitTaken(channel, 100));
    awaitExposed(Amount.of(1_000));
    for (int replica = 0; replica < 2; replica++) {
      var late = hub.open(1_000);
      assertBehind(hub.pay(replica, new Charge(request(late, merchant(), 1, 1))).getFirst());
    }
    channels.forEach(channel -> guard(channel, 1, 100));
    awaitExposed(Amount.ZERO);
    channels.forEach(channel -> assertTaken(pay(channel, 101, 1)));
    channels.forEach(channel -> guard(channel, 2, 101));
  }

  /// What a replica has charged itself counts before it looks again. It looks every 200 ms, so one
  /// try alone might come just after a look.
  @Test
  void theTotalStopsThePaymentThatComesNext() {
    for (int time = 0; time < 5; time++) {
      awaitExposed(Amount.ZERO);
      var channels = Stream.generate(() -> hub.open(1_000)).limit(10).toList();
      var late = hub.open(1_000);
      var charges =
          channels.stream()
              .map(channel -> new Charge(request(channel, merchant(), 100, 100)))
              .toArray(Charge[]::new);
      var next = new Charge(request(late, merchant(), 1, 1));

      var outcomes = hub.pay(0, charges);
      assertBehind(hub.pay(0, next).getFirst());

      outcomes.forEach(ExposureIT::assertTaken);
      channels.forEach(channel -> guard(channel, 1, 100));
    }
    awaitExposed(Amount.ZERO);
  }

  @Test
  void aChannelSaysWhatIsGuardedAndWhatIsExposed() {
    var one = hub.open(1_000);
    var other = hub.open(1_000);
    var unknown = TestChannel.of(hub.terms());
    var first = request(one, merchant(), 40, 40);
    var second = request(one, merchant(), 100, 60);
    assertTaken(hub.charge(first));
    assertTaken(hub.charge(second));
    assertTaken(pay(other, 1, 1));
    guard(one, 1, 40);
    guard(other, 1, 1);

    var standings = standings(List.of(other.id(), unknown.id(), one.id()));

    assertThat(standings)
        .extracting(ChannelStanding::channelId)
        .containsExactly(other.id(), one.id());
    var told = standings.getLast();
    assertThat(told.status()).isEqualTo(ChannelStanding.Status.OPEN);
    assertThat(told.charged()).isEqualTo(Amount.of(100));
    assertThat(told.guarded()).isEqualTo(Amount.of(40));
    assertThat(told.exposed()).isEqualTo(Amount.of(60));
    assertThat(told.createdAt().orElseThrow())
        .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(1));
    assertThat(isGuarded(first)).isTrue();
    assertThat(isGuarded(second)).isFalse();
    guard(one, 2, 100);
    assertThat(isGuarded(second)).isTrue();
    var tooMany = Collections.nCopies(201, "\"" + one.id() + "\"").toString();
    assertThat(hub.post(0, "/internal/channels/standings", tooMany).statusCode()).isEqualTo(400);
  }

  private List<ChannelStanding> standings(List<ChannelId> ids) {
    return List.of(
        hub.post(
            "/internal/channels/standings",
            ids.toArray(ChannelId[]::new),
            ChannelStanding[].class));
  }

  private boolean isGuarded(PaymentRequest request) {
    return hub.get("/internal/payments/" + request.id(), PaymentView.class).guarded();
  }

  /// Goal: a tower is not waited for where there is none; and when one comes, with its limits, who
  /// asks again about a payment above them still gets the first answer.
  @Test
  void aTowerThatComesLaterRefusesNothingThatWasTaken() {
    var database = TestPostgres.freshDatabase();
    PaymentRequest paid;
    try (var alone = withLimitsOfOne(database, false)) {
      paid = request(alone.open(1_000), merchant(), 500, 500);
      assertTaken(alone.charge(paid));
      assertThat(alone.get("/internal/price-limit", PriceLimitView.class).most()).isEmpty();
    }
    try (var guarded = withLimitsOfOne(database, true)) {
      assertThat(guarded.get("/internal/price-limit", PriceLimitView.class).most())
          .contains(Amount.of(1));
      assertThat(guarded.charge(paid))
          .isInstanceOfSatisfying(Taken.class, taken -> assertThat(taken.replayed()).isTrue());
    }
  }

  private static TestHub withLimitsOfOne(TestDatabase database, boolean limited) {
    var limits =
        Map.<String, Object>of(
            "millrace.channel.exposure.limited", limited,
            "millrace.channel.exposure.per-payer", "1",
            "millrace.channel.exposure.total", "1");
    var hub = TestHub.start(database, 1, limits).deaf();
    hub.headSeen(Instant.now().plusSeconds(600));
    return hub;
  }

  private PaymentOutcome pay(TestChannel channel, long ceiling, long price) {
    return hub.charge(request(channel, merchant(), ceiling, price));
  }

  private void guard(TestChannel channel, long sequence, long charged) {
    guard(channel, sequence, Amount.of(charged));
  }

  private void guard(TestChannel channel, long sequence, Amount charged) {
    hub.report(
        new VouchersGuarded(List.of(new Guarded(channel.id(), sequence, charged)), Instant.now()));
  }

  private Amount exposed(int replica) {
    return hub.replica(replica).getBean(Exposure.class).total();
  }

  /// A replica looks now and then.
  private void awaitExposed(Amount amount) {
    for (int replica = 0; replica < 2; replica++) {
      int one = replica;
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(exposed(one)).isEqualTo(amount));
    }
  }

  /// For a moment a replica may count twice what it charges while it looks, and ask to wait.
  private void awaitTaken(TestChannel channel, long price) {
    var charge = request(channel, merchant(), price, price);
    await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertTaken(hub.charge(charge)));
  }

  private static void assertTaken(PaymentOutcome outcome) {
    assertThat(outcome).isInstanceOf(Taken.class);
  }

  private static void assertBehind(PaymentOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.TOWER_BEHIND));
  }
}
