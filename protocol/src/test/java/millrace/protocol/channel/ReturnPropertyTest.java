package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.at;
import static millrace.protocol.channel.Samples.payment;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Effect.RefundReserved;
import millrace.protocol.channel.Effect.ReturnBegun;
import millrace.protocol.channel.Input.CreditGiven;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.channel.Input.ReturnRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.type.Amount;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Where nobody leaves, only what is due is claimed and the hub has heard of all claims, whatever a
/// merchant was allowed to give back on chain can leave, all that merchants earned can be claimed,
/// and in the end all that came in has gone out.
class ReturnPropertyTest {
  private static final int STEPS = 300;
  private static final Input.RefundPolicy AT_ONCE =
      new Input.RefundPolicy(Amount.of(1), Duration.ZERO, Duration.ZERO);
  private static final Map<Long, VerifiedVoucher> SIGNED = new ConcurrentHashMap<>();

  static LongStream seeds() {
    return LongStream.range(0, Boolean.getBoolean("millrace.long") ? 2_000 : 40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void allThatCameInGoesOut(long seed) {
    var world = new World(new Random(seed));
    for (int step = 0; step < STEPS; step++) world.step();
    world.end();
  }

  private static final class World {
    private final Random random;
    private final SimulatedChain chain = new SimulatedChain();
    private final List<RefundReserved> returning = new ArrayList<>();
    private Channel channel = new Opening(Account.EMPTY);
    private Amount deposited = Amount.ZERO;
    private Amount earned = Amount.ZERO;
    private Amount toPayer = Amount.ZERO;

    World(Random random) {
      this.random = random;
    }

    void step() {
      switch (random.nextInt(9)) {
        case 0 -> deposit(random.nextInt(1, 80));
        case 1, 2, 3 -> pay(random.nextInt(1, 15));
        case 4, 5 -> giveBack();
        case 6 -> claim();
        case 7 -> sendOne();
        default -> settle();
      }
      var account = channel.account();
      assertThat(account.due()).isEqualTo(earned);
      assertThat(account.claimTarget()).isLessThanOrEqualTo(account.balance());
    }

    private void claim() {
      chain.claim(channel.account().claimTarget());
      settle();
    }

    private void deposit(long units) {
      chain.deposit(units);
      deposited = deposited.plus(amount(units));
    }

    private void pay(long price) {
      var ceiling = channel.account().charged().units().longValueExact() + price;
      var voucher = SIGNED.computeIfAbsent(ceiling, Samples::voucher);
      var before = channel.account().charged();
      if (feed(new VoucherReceived(voucher, payment(1), amount(price), at(0)))) {
        earned = earned.plus(amount(price));
        assertThat(channel.account().charged()).isGreaterThan(before);
      }
    }

    private void giveBack() {
      var some = amount(random.nextInt(1, 25)).min(channel.account().due());
      if (some.isZero()) return;
      boolean given =
          feed(
              random.nextInt(3) == 0
                  ? new CreditGiven(some)
                  : new ReturnRequested(some, Amount.of(1)));
      if (given) earned = earned.minus(some);
    }

    /// In the order in which they were handed to the sender.
    private void sendOne() {
      if (returning.isEmpty()) return;
      var refund = returning.removeFirst();
      assertThat(chain.refund(refund)).as("%s of %s", refund, chain.head()).isTrue();
      toPayer = toPayer.plus(refund.amount());
    }

    private void settle() {
      int newest = (int) chain.head().block();
      for (var block : chain.finalizeUpTo(newest)) {
        block.refund().ifPresent(refund -> feed(new RefundSeen(refund.amount(), block.state())));
      }
      feed(new StateSeen(chain.finalState()));
    }

    void end() {
      while (!returning.isEmpty()) sendOne();
      settle();
      claim();
      var charged = channel.account().charged().units().longValueExact();
      var all = SIGNED.computeIfAbsent(charged, Samples::voucher);
      if (feed(new RefundReceived(all, Optional.empty(), AT_ONCE, at(0)))) sendOne();
      settle();
      var account = channel.account();
      // Credit that was not claimed stays in the channel until it is used up or withdrawn.
      var left = account.balance().minus(account.claimed());
      assertThat(left).isLessThanOrEqualTo(account.credit());
      assertThat(account.claimed()).isEqualTo(account.claimTarget());
      assertThat(toPayer.plus(account.claimed()).plus(left)).isEqualTo(deposited);
      assertThat(account.claimed()).isGreaterThanOrEqualTo(earned);
      assertThat(account.reservedRefund()).isEqualTo(Amount.ZERO);
    }

    private boolean feed(Input input) {
      if (!(channel.on(input) instanceof Accepted(var next, var effects))) return false;
      for (var effect : effects) {
        switch (effect) {
          case ReturnBegun(var voucher, var total, var amount, _) ->
              returning.add(new RefundReserved(voucher, total, amount));
          case RefundReserved refund -> returning.add(refund);
          default -> {}
        }
      }
      channel = next;
      return true;
    }
  }
}
