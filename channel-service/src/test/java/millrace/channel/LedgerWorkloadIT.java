package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.PayoutView;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.SweepSeen;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.testkit.Persona;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happens, in whatever order: the ledger balances, and every merchant is owed exactly
/// what was charged for it.
final class LedgerWorkloadIT {
  private static final int STEPS = 120;

  private final TestHub hub = TestHub.shared();
  private final List<MerchantId> merchants = List.of(merchant(), merchant(), merchant());
  private final List<TestChannel> channels =
      IntStream.range(0, 4).mapToObj(_ -> hub.open(2_000)).toList();
  private final Map<MerchantId, Long> earned = new HashMap<>();
  private final List<PaymentRequest> reserved = new ArrayList<>();
  private final List<PaymentRequest> held = new ArrayList<>();
  private final List<PayoutView> payouts = new ArrayList<>();
  private final Map<RefundId, TestChannel> refunds = new HashMap<>();
  private long block = 100;

  @ParameterizedTest
  @MethodSource("millrace.testkit.Seeds#stream")
  void theLedgerAlwaysBalances(long seed) {
    var random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      step(random);
      if (step % 20 == 0) balances();
    }
    balances();
    assertThat(hub.ledger().accountsOff()).isZero();
    merchants.forEach(this::isOwedWhatItEarned);
    channels.forEach(this::journalAgrees);
  }

  private void step(Random random) {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> pay(random);
      case 3 -> reserve(random);
      case 4 -> endReservation(random);
      case 5 -> chain(random);
      case 6 -> refund(random);
      case 7 -> endRefund(random);
      case 8 -> payout(random);
      case 9 -> endPayout(random);
      case 10 -> hold(random);
      case 11 -> endHold(random);
      default -> throw new IllegalStateException();
    }
  }

  private void pay(Random random) {
    var channel = pick(channels, random);
    var first = next(channel, 1 + random.nextInt(200), random);
    var more = request(channel, first.merchantId(), charged(channel) + 300, 50);
    for (var outcome : hub.pay(random.nextInt(2), new Charge(first), new Charge(more))) {
      earn(outcome, first.merchantId());
    }
    earn(hub.charge(first), first.merchantId());
  }

  private PaymentRequest next(TestChannel channel, int price, Random random) {
    return request(channel, pick(merchants, random), charged(channel) + price, price);
  }

  private void reserve(Random random) {
    var request = next(pick(channels, random), 1 + random.nextInt(200), random);
    var expiresAt = Instant.now().plusSeconds(random.nextInt(4) == 0 ? 0 : 60);
    if (hub.reserve(request, expiresAt) instanceof Taken) reserved.add(request);
  }

  private void endReservation(Random random) {
    if (reserved.isEmpty()) return;
    var request = reserved.remove(random.nextInt(reserved.size()));
    if (random.nextInt(3) == 0) {
      hub.release(request);
    } else {
      long amount = random.nextLong(request.price().units().longValue() + 1);
      earn(hub.capture(request, amount), request.merchantId());
    }
  }

  private void hold(Random random) {
    var request = next(pick(channels, random), 1 + random.nextInt(200), random);
    if (hub.hold(request, Instant.now().plusSeconds(600)) instanceof Taken) held.add(request);
  }

  private void endHold(Random random) {
    if (held.isEmpty()) return;
    var request = held.remove(random.nextInt(held.size()));
    long captured = random.nextLong(request.price().units().longValue() + 1);
    if (hub.endHold(request, captured) instanceof HoldEndOutcome.Ended(var payment, _)) {
      earned.merge(request.merchantId(), payment.amount().units().longValue(), Long::sum);
    }
  }

  private void earn(PaymentOutcome outcome, MerchantId merchant) {
    if (outcome instanceof Taken(_, var status, var amount, _, var replayed, _, _)
        && status == PaymentStatus.CHARGED
        && !replayed) {
      earned.merge(merchant, amount.units().longValue(), Long::sum);
    }
  }

  private void chain(Random random) {
    var channel = pick(channels, random);
    if (!known(channel)) return;
    var view = hub.channel(channel.id());
    long balance = view.balance().units().longValue() + random.nextInt(1_500) - 400;
    long claimed = view.claimed().units().longValue();
    long more = Math.max(claimed, view.charged().units().longValue() - random.nextInt(50));
    long next = random.nextInt(10) == 0 ? more + 60 : more;
    hub.report(
        new ChannelStateSeen(channel.id(), TestHub.state(++block, Math.max(0, balance), next)),
        new SweepSeen(
            hub.terms().token().address(),
            Amount.of(1 + random.nextInt(40)),
            TestChannel.bytes32(System.nanoTime()),
            1,
            block));
  }

  private void refund(Random random) {
    var channel = pick(channels, random);
    var command =
        new RefundCommand(channel.config(), channel.voucher(charged(channel)), Optional.empty());
    var outcome = hub.post("/internal/refunds", command, RefundOutcome.class);
    if (outcome instanceof RefundOutcome.Pending(var id)) refunds.put(id, channel);
  }

  private void endRefund(Random random) {
    if (refunds.isEmpty()) return;
    var id = refunds.keySet().iterator().next();
    var channel = refunds.remove(id);
    var view = hub.channel(channel.id());
    if (random.nextBoolean()) {
      hub.report(new RefundFailed(id, channel.id(), Amount.ZERO, "no"));
      return;
    }
    long left = view.balance().min(view.charged()).units().longValue();
    var after = TestHub.state(++block, left, view.claimed().units().longValue());
    var confirmed =
        new RefundConfirmed(id, channel.id(), Amount.of(1), TestChannel.bytes32(block), after);
    hub.report(confirmed, confirmed);
  }

  private void payout(Random random) {
    var id = TestHub.id();
    var command =
        new PayoutCommand(
            new PayoutId("po_" + id),
            pick(merchants, random),
            Persona.MERCHANT.address(),
            hub.terms().token().address(),
            random.nextBoolean() ? Optional.empty() : Optional.of(Amount.of(20)),
            "key-" + id,
            "print");
    var outcome = hub.post("/internal/payouts", command, PayoutOutcome.class);
    if (outcome instanceof PayoutOutcome.Taken(var view, _)) payouts.add(view);
  }

  private void endPayout(Random random) {
    if (payouts.isEmpty()) return;
    var view = payouts.remove(random.nextInt(payouts.size()));
    var failed = new PayoutFailed(view.id(), view.merchantId(), view.token(), view.amount(), "");
    var confirmed =
        new PayoutConfirmed(
            view.id(),
            view.merchantId(),
            view.payee(),
            view.token(),
            view.amount(),
            TestChannel.bytes32(++block));
    if (random.nextBoolean()) {
      hub.report(confirmed, confirmed);
    } else {
      hub.report(failed, failed);
    }
  }

  private void balances() {
    var summary = hub.ledger().summary();
    assertThat(summary.imbalance()).isZero();
    assertThat(summary.payersOff()).isZero();
  }

  private void isOwedWhatItEarned(MerchantId merchant) {
    var view = hub.get("/internal/merchants/" + merchant + "/balances", BalanceView[].class)[0];
    assertThat(view.available().plus(view.inPayout()).plus(view.paidOut()).units())
        .isEqualTo(BigInteger.valueOf(earned.getOrDefault(merchant, 0L)));
  }

  private void journalAgrees(TestChannel channel) {
    var charged =
        hub.sql()
            .sql("SELECT coalesce(sum(amount), 0) FROM payment WHERE channel_id = ? AND status = ?")
            .params(channel.id().toArray(), "CHARGED")
            .query(Long.class)
            .single();
    assertThat(charged(channel)).isGreaterThanOrEqualTo(charged);
  }

  private long charged(TestChannel channel) {
    return known(channel) ? hub.channel(channel.id()).charged().units().longValue() : 0;
  }

  private boolean known(TestChannel channel) {
    return hub.get("/internal/channels/" + channel.id()).statusCode() == 200;
  }

  private static <T> T pick(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
