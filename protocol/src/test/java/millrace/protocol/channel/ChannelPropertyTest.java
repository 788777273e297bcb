package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.at;
import static millrace.protocol.channel.Samples.payment;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.Charged;
import millrace.protocol.channel.Effect.Overclaimed;
import millrace.protocol.channel.Effect.RefundReserved;
import millrace.protocol.channel.Effect.Released;
import millrace.protocol.channel.Effect.Reserved;
import millrace.protocol.channel.Effect.ReturnBegun;
import millrace.protocol.channel.Effect.ReturnUndone;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.CeilingPublished;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Input.RefundFailed;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.channel.Input.ReleaseRequested;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.ReturnFailed;
import millrace.protocol.channel.Input.ReturnRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.channel.Input.WithdrawalSeen;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever payer, services and chain do, the money rules hold after every step. A failure names
/// its seed.
class ChannelPropertyTest {
  private static final int STEPS = 600;
  private static final Input.RefundPolicy POLICY =
      new Input.RefundPolicy(Amount.of(2), Duration.ofSeconds(5), Duration.ofSeconds(20));

  private static final String CREDIT_USED = "a payment that credit paid a part of";

  private static final Map<Long, VerifiedVoucher> SIGNED = new ConcurrentHashMap<>();

  private static VerifiedVoucher voucher(long ceiling) {
    return SIGNED.computeIfAbsent(ceiling, Samples::voucher);
  }

  /// The last ones have found something before.
  static LongStream seeds() {
    return Boolean.getBoolean("millrace.long")
        ? LongStream.range(0, 2_000)
        : LongStream.concat(LongStream.range(0, 24), LongStream.of(566, 1_932));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void moneyRulesHoldAfterEveryStep(long seed) {
    var world = new World(new Random(seed));
    for (int step = 0; step < STEPS; step++) {
      world.step();
    }
    assertThat(world.channel).isNotInstanceOf(Lost.class);
  }

  @Test
  void theRandomWorldReachesEveryCorner() {
    Set<Object> seen = new HashSet<>();
    seeds()
        .forEach(
            seed -> {
              var world = new World(new Random(seed));
              for (int step = 0; step < STEPS; step++) world.step();
              seen.addAll(world.seen);
            });
    assertThat(seen)
        .contains(Opening.class, Open.class, Withdrawing.class, Underfunded.class)
        .contains(Effect.Held.class, Effect.HoldEnded.class, Effect.GivenBack.class, CREDIT_USED)
        .contains(Charged.class, Reserved.class, Released.class, RefundReserved.class)
        .contains(ReturnBegun.class, ReturnUndone.class)
        .contains(Overclaimed.class, Effect.Thawed.class, Effect.Frozen.class)
        .contains(
            Refusal.BUSY,
            Refusal.CUMULATIVE_MISMATCH,
            Refusal.EXCEEDS_BALANCE,
            Refusal.NO_RESERVATION,
            Refusal.SHORTFALL,
            Refusal.WITHDRAWAL_PENDING,
            Refusal.REFUND_TOO_SOON);
  }

  private static final class World {
    final Set<Object> seen = new HashSet<>();
    Channel channel = new Opening(Account.EMPTY);

    private final Random random;
    private final SimulatedChain chain = new SimulatedChain();
    private Optional<RefundReserved> refunding = Optional.empty();
    private final List<RefundReserved> returning = new ArrayList<>();
    private Optional<PaymentId> serving = Optional.empty();
    private Amount posted = Amount.ZERO;
    private Amount earned = Amount.ZERO;
    private final List<Effect.Held> holds = new ArrayList<>();
    private int payments;
    private long now;

    World(Random random) {
      this.random = random;
    }

    void step() {
      now += random.nextInt(4);
      switch (random.nextInt(17)) {
        case 0, 1, 2 -> pay();
        case 3, 4 -> reserve();
        case 5, 6 -> endReservation();
        case 7 -> refund();
        case 8 -> feed(new DepositReceived(units(50)));
        case 9, 10 -> moveChain();
        case 11 -> hold();
        case 12 -> endHold();
        case 13 -> giveBack();
        case 14 -> feed(new ReturnRequested(units(20), Amount.of(2)));
        case 15 -> endReturn();
        default -> finalizeBlocks();
      }
    }

    private void pay() {
      var price = units(15);
      feed(new VoucherReceived(voucher(ceiling(price)), nextPayment(), price, at(now)));
    }

    private void reserve() {
      var price = units(15);
      feed(
          new ReservationRequested(
              voucher(ceiling(price)),
              nextPayment(),
              price,
              at(now),
              at(now + random.nextInt(1, 12))));
    }

    private void hold() {
      var price = units(15);
      feed(new Input.HoldReceived(voucher(ceiling(price)), nextPayment(), price, at(now)));
    }

    private void endHold() {
      if (holds.isEmpty()) return;
      var hold = holds.remove(random.nextInt(holds.size()));
      var captured = amount(random.nextLong(hold.amount().units().longValueExact() + 1));
      feed(new Input.HoldEndRequested(hold.payment(), hold.amount(), captured));
    }

    private void giveBack() {
      var amount = units(20).min(channel.account().due());
      if (!amount.isZero()) feed(new Input.CreditGiven(amount));
    }

    private void endReturn() {
      if (returning.isEmpty()) return;
      var one = returning.get(random.nextInt(returning.size()));
      if (chain.isMined(one)) return;
      if (random.nextInt(3) > 0) chain.refund(one);
      else {
        returning.removeIf(kept -> SimulatedChain.isSame(kept, one));
        feed(new ReturnFailed(one.amount()));
      }
    }

    private void endReservation() {
      var held = channel.account().reservation();
      var payment = random.nextInt(8) == 0 ? nextPayment() : serving.orElseGet(this::nextPayment);
      var price = held.map(Reservation::price).orElse(Amount.ZERO);
      var amount = amount(random.nextLong(price.units().longValueExact() + 1));
      feed(
          random.nextInt(4) == 0
              ? new ReleaseRequested(payment)
              : new CaptureRequested(payment, amount, at(now)));
    }

    private void refund() {
      if (refunding.isPresent() && random.nextBoolean()) {
        if (random.nextInt(3) > 0) {
          if (!chain.isMined(refunding.get())) chain.refund(refunding.get());
        } else if (!chain.isMined(refunding.get())) {
          var reserved = refunding.get().amount();
          refunding = Optional.empty();
          feed(new RefundFailed(reserved));
        }
        return;
      }
      Optional<Amount> wanted = random.nextBoolean() ? Optional.empty() : Optional.of(units(30));
      feed(new RefundReceived(voucher(ceiling(Amount.ZERO)), wanted, POLICY, at(now)));
    }

    private void moveChain() {
      var account = channel.account();
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> chain.deposit(random.nextInt(1, 60));
        case 3 -> chain.claim(random.nextInt(4) > 0 ? account.claimTarget() : account.charged());
        case 4 -> overclaim(account);
        case 5 -> chain.initiateWithdrawal(units(80));
        case 6, 7 -> chain.finalizeWithdrawal();
        default -> chain.reorganise(random.nextInt(1, 4));
      }
      chain.head().withdrawal().ifPresent(pending -> feed(new WithdrawalSeen(pending)));
    }

    private void overclaim(Account account) {
      if (random.nextInt(4) > 0) chain.mineNothing();
      else {
        var ceiling = account.newest().map(newest -> newest.voucher().ceiling());
        ceiling.ifPresent(chain::claim);
        ceiling.ifPresent(published -> feed(new CeilingPublished(published)));
      }
    }

    private void finalizeBlocks() {
      int upTo = (int) chain.finalState().block() + random.nextInt(4);
      for (var block : chain.finalizeUpTo(upTo)) {
        if (block.refund().isPresent()) {
          var mined = block.refund().get();
          refunding = refunding.filter(kept -> !SimulatedChain.isSame(kept, mined));
          returning.removeIf(kept -> SimulatedChain.isSame(kept, mined));
          feed(new RefundSeen(block.refund().get().amount(), block.state()));
        }
      }
      feed(new StateSeen(chain.finalState()));
      if (random.nextInt(4) == 0) {
        feed(new StateSeen(chain.at(random.nextInt((int) chain.finalState().block() + 1))));
      }
    }

    /// Feeds one input and checks every rule.
    private void feed(Input input) {
      var before = channel;
      var decision = before.on(input);
      seen.add(before.getClass());
      switch (decision) {
        case Refused(var reason) -> {
          seen.add(reason);
          assertThat(input).isNotInstanceOf(StateSeen.class).isNotInstanceOf(RefundSeen.class);
          assertThat(before.on(input)).isEqualTo(decision);
        }
        case Accepted(var next, var effects) -> {
          if (!(input instanceof Fact)) checkAdmission(before.account(), next, input);
          effects.forEach(effect -> perform(before.account(), effect));
          channel = next;
        }
      }
      checkAccount(before.account(), channel.account());
    }

    /// Nothing new is taken while the hub has reason to think that the payer is leaving.
    private void checkAdmission(Account before, Channel next, Input input) {
      assertThat(chain.head().withdrawal()).as("pending at the head, %s", input).isEmpty();
      assertThat(chain.finalState().withdrawal()).as("pending when final, %s", input).isEmpty();
      var after = next.account();
      // What is set aside for a refund may have left by a withdrawal meanwhile.
      var backed = before.balance().plus(before.returned()).minusOrZero(before.reservedRefund());
      switch (input) {
        case VoucherReceived paid -> {
          assertThat(paid.voucher().ceiling()).isLessThanOrEqualTo(backed);
          assertThat(after.charged())
              .isEqualTo(paid.voucher().ceiling().minus(before.fromCredit(paid.price())))
              .isGreaterThan(before.charged());
        }
        case Input.HoldReceived held -> {
          assertThat(held.voucher().ceiling()).isLessThanOrEqualTo(backed);
          assertThat(before.charged().plus(held.price())).isEqualTo(held.voucher().ceiling());
          assertThat(after.charged()).isGreaterThan(before.charged());
          assertThat(after.due()).isEqualTo(before.due());
        }
        case ReservationRequested held -> {
          assertThat(held.voucher().ceiling()).isLessThanOrEqualTo(backed);
          assertThat(before.charged().plus(held.price())).isEqualTo(held.voucher().ceiling());
          assertThat(after.charged()).isEqualTo(before.charged());
        }
        case RefundReceived _ ->
            assertThat(after.charged().plus(after.reservedRefund()))
                .isLessThanOrEqualTo(after.balance().plus(after.returned()));
        case ReturnRequested _ -> {
          assertThat(after.spendable()).isEqualTo(before.spendable());
          assertThat(after.claimTarget().plus(after.reservedRefund()))
              .isLessThanOrEqualTo(after.balance());
        }
        default -> {}
      }
    }

    private void perform(Account before, Effect effect) {
      seen.add(effect.getClass());
      switch (effect) {
        case Charged charged -> {
          posted = posted.plus(charged.amount().minus(charged.fromCredit()));
          earned = earned.plus(charged.amount());
          assertThat(charged.fromCredit()).isLessThanOrEqualTo(before.credit());
          if (!charged.fromCredit().isZero()) seen.add(CREDIT_USED);
          assertThat(charged.charged()).isEqualTo(posted);
          assertThat(charged.sequence()).isEqualTo(before.sequence() + 1);
          assertThat(charged.charged())
              .isLessThanOrEqualTo(charged.voucher().voucher().ceiling())
              .isLessThanOrEqualTo(before.backing().minus(before.reservedRefund()));
          if (serving.filter(charged.payment()::equals).isPresent()) serving = Optional.empty();
        }
        case Effect.Held held -> {
          posted = posted.plus(held.amount().minus(held.fromCredit()));
          holds.add(held);
        }
        case Effect.HoldEnded ended -> earned = earned.plus(ended.captured());
        case Effect.GivenBack(var amount, _) -> earned = earned.minus(amount);
        case ReturnBegun(var voucher, var total, var amount, var sequence) -> {
          earned = earned.minus(amount);
          assertThat(total).isLessThanOrEqualTo(voucher.voucher().ceiling().max(before.claimed()));
          assertThat(sequence).isEqualTo(before.sequence() + 1);
          returning.add(new RefundReserved(voucher, total, amount));
        }
        case ReturnUndone(var amount, _) -> earned = earned.plus(amount);
        case Overclaimed(var amount) -> posted = posted.plus(amount);
        case Reserved(var reservation) -> {
          assertThat(serving).as("one payment at a time").isEmpty();
          serving = Optional.of(reservation.payment());
        }
        case Released(var payment) -> {
          assertThat(serving).contains(payment);
          serving = Optional.empty();
        }
        case RefundReserved refund -> {
          assertThat(refunding).as("one refund at a time").isEmpty();
          assertThat(serving).as("no refund of what is being served").isEmpty();
          refunding = Optional.of(refund);
        }
        default -> {}
      }
    }

    private void checkAccount(Account before, Account after) {
      assertThat(after.charged()).isGreaterThanOrEqualTo(before.charged()).isEqualTo(posted);
      assertThat(after.due()).as("what merchants earned").isEqualTo(earned);
      assertThat(after.held())
          .isEqualTo(holds.stream().map(Effect.Held::amount).reduce(Amount.ZERO, Amount::plus));
      assertThat(after.claimed())
          .isGreaterThanOrEqualTo(before.claimed())
          .isLessThanOrEqualTo(after.charged());
      assertThat(after.sequence()).isGreaterThanOrEqualTo(before.sequence());
      assertThat(after.publishedCeiling()).isGreaterThanOrEqualTo(before.publishedCeiling());
      after
          .newest()
          .ifPresent(
              newest ->
                  assertThat(after.charged())
                      .isLessThanOrEqualTo(newest.voucher().ceiling().max(after.claimed())));
      assertThat(after.reservedRefund())
          .isEqualTo(
              refunding.map(RefundReserved::amount).orElse(Amount.ZERO).plus(sum(returning)));
      assertThat(after.returned()).isGreaterThanOrEqualTo(sum(returning));
      assertThat(after.reservation().map(Reservation::payment)).isEqualTo(serving);
    }

    private static Amount sum(List<RefundReserved> refunds) {
      return refunds.stream().map(RefundReserved::amount).reduce(Amount.ZERO, Amount::plus);
    }

    private PaymentId nextPayment() {
      return payment(++payments);
    }

    private Amount units(int bound) {
      return amount(random.nextInt(1, bound));
    }

    /// Mostly the right one for this price.
    private long ceiling(Amount price) {
      long right = channel.account().charged().plus(price).units().longValueExact();
      return random.nextInt(5) > 0 ? right : Math.max(0, right + random.nextInt(-20, 20));
    }
  }
}
