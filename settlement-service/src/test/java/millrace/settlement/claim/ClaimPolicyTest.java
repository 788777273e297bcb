package millrace.settlement.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import millrace.protocol.type.Amount;
import millrace.settlement.claim.ClaimPolicy.Due;
import millrace.settlement.gas.GasPrice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClaimPolicyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final ClaimPolicy POLICY =
      new ClaimPolicy(Amount.of(1_000), Duration.ofHours(1), 10, 4, RETRY);
  private static final GasPrice USUAL = gas(100);

  @Test
  void nothingOwedIsNothingToClaim() {
    assertThat(due(unclaimed(0, 0, 0, true, 500), USUAL)).isEmpty();
  }

  @Test
  void littleAndYoungCanWait() {
    assertThat(due(unclaimed(999, 59, 10, false, 0), USUAL)).isEmpty();
  }

  @Test
  void enoughValueIsAReason() {
    assertThat(due(unclaimed(1_000, 0, 1, false, 0), USUAL)).contains(all(ClaimReason.VALUE));
  }

  @Test
  void ageIsAReasonHoweverLittleIsOwed() {
    assertThat(due(unclaimed(1, 60, 1, false, 0), USUAL)).contains(all(ClaimReason.AGE));
  }

  @Test
  void moreChannelsThanMayWaitAreAReason() {
    assertThat(due(unclaimed(11, 0, 11, false, 0), USUAL)).contains(all(ClaimReason.BACKLOG));
  }

  @Test
  void merchantsThatWaitAreAReason() {
    assertThat(due(unclaimed(1, 0, 1, false, 1), USUAL)).contains(all(ClaimReason.PAYOUT));
  }

  @Test
  void aPayerWhoLeavesIsTheFirstReason() {
    assertThat(due(unclaimed(5_000, 600, 11, true, 1), USUAL))
        .contains(all(ClaimReason.WITHDRAWAL));
  }

  @Test
  void aPayerWhoLeavesMakesNobodyElseGoEarly() {
    assertThat(due(unclaimed(999, 59, 10, true, 0), gas(900)))
        .contains(new Due(ClaimReason.WITHDRAWAL, true));
  }

  @ParameterizedTest
  @CsvSource({
    "200, 1999, 2000",
    "400, 3999, 4000",
    "9000, 3999, 4000",
    "75, 749, 750",
    "1, 499, 500"
  })
  void gasMovesTheThresholdWithinLimits(long price, long tooLittle, long enough) {
    assertThat(due(unclaimed(tooLittle, 0, 1, false, 0), gas(price))).isEmpty();
    assertThat(due(unclaimed(enough, 0, 1, false, 0), gas(price))).contains(all(ClaimReason.VALUE));
  }

  @ParameterizedTest
  @CsvSource({"900, 60", "100, 60", "75, 45", "50, 30", "1, 30"})
  void cheapGasLowersTheAgeAndDearGasDoesNotRaiseIt(long price, long minutes) {
    assertThat(due(unclaimed(1, minutes - 1, 1, false, 0), gas(price))).isEmpty();
    assertThat(due(unclaimed(1, minutes, 1, false, 0), gas(price))).contains(all(ClaimReason.AGE));
  }

  @Test
  void aRowThatFailedRestsLongerEachTime() {
    assertThat(POLICY.pause(0, Optional.empty(), NOW)).isEqualTo(RETRY);
    assertThat(POLICY.pause(3, Optional.empty(), NOW)).isEqualTo(RETRY.multipliedBy(8));
    assertThat(POLICY.pause(9, Optional.empty(), NOW)).isEqualTo(RETRY.multipliedBy(16));
  }

  @Test
  void whileItsPayerIsLeavingItRestsAQuarterOfTheTimeLeftAtMost() {
    var deadline = Optional.of(NOW.plusSeconds(100));
    assertThat(POLICY.pause(9, deadline, NOW)).isEqualTo(Duration.ofSeconds(25));
    assertThat(POLICY.pause(0, Optional.of(NOW.plusSeconds(900)), NOW)).isEqualTo(RETRY);
    assertThat(POLICY.pause(9, Optional.of(NOW.minusSeconds(5)), NOW))
        .isEqualTo(Duration.ofSeconds(1));
  }

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  /// Goal: a batch is never of nothing, and neither a price nor anything else holds up a payer's
  /// leaving, a payout's need, the age or the number of channels.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noPriceHoldsUpWhatMustNotWait(long seed) {
    var random = new Random(seed);
    var policy = policy(random);
    var state = state(random, policy);
    var due = policy.due(state, gas(random.nextLong(1_000)), NOW);
    if (state.channels() == 0) {
      assertThat(due).isEmpty();
      return;
    }
    boolean old = state.since().orElseThrow().plus(policy.maxAge()).compareTo(NOW) <= 0;
    boolean must = !state.shortfall().isZero() || old || state.channels() > policy.maxBacklog();
    if (state.leaving()) {
      assertThat(due.orElseThrow().reason()).isEqualTo(ClaimReason.WITHDRAWAL);
    } else if (must) {
      assertThat(due).isPresent();
    }
    if (must) assertThat(due.orElseThrow().onlyLeaving()).isFalse();
  }

  /// Goal: more value, more channels, more age and cheaper gas never make it wait.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void moreAtStakeAndCheaperGasNeverDelay(long seed) {
    var random = new Random(seed);
    var policy = policy(random);
    var state = state(random, policy);
    long price = random.nextLong(1_000);
    var due = policy.due(state, gas(price), NOW);
    if (due.isEmpty()) return;
    var more =
        new Unclaimed(
            state.value().plus(Amount.of(random.nextInt(2_000))),
            state.since().map(at -> at.minusSeconds(random.nextInt(3_600))),
            state.channels() + random.nextInt(3),
            state.leaving() || random.nextInt(4) == 0,
            state.shortfall());
    var then = policy.due(more, gas(random.nextLong(price + 1)), NOW).orElseThrow();
    if (!due.get().onlyLeaving()) assertThat(then.onlyLeaving()).isFalse();
  }

  /// Goal: money is claimed sooner or later; what may wait is bounded by value and time.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingWaitsBeyondItsLimits(long seed) {
    var random = new Random(seed);
    var policy = policy(random);
    var state = state(random, policy);
    if (policy.due(state, gas(random.nextLong(1_000)), NOW).isPresent()) return;
    if (state.channels() == 0) return;
    assertThat(state.value()).isLessThan(policy.threshold().times(policy.maxGasFactor()));
    assertThat(state.since().orElseThrow().plus(policy.maxAge())).isAfter(NOW);
    assertThat(state.channels()).isLessThanOrEqualTo(policy.maxBacklog());
  }

  /// Goal: while there is more than a second left, the next try is before the deadline.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noPauseGoesPastAWithdrawalsDeadline(long seed) {
    var random = new Random(seed);
    var policy = policy(random);
    var now = NOW;
    var deadline = now.plusMillis(1_001 + random.nextLong(86_400_000));
    for (int failures = 0; deadline.minusMillis(1_000).isAfter(now); failures++) {
      var pause = policy.pause(failures, Optional.of(deadline), now);
      assertThat(pause).isPositive();
      assertThat(now.plus(pause)).isBefore(deadline);
      assertThat(pause).isLessThanOrEqualTo(policy.pause(failures, Optional.empty(), now));
      now = now.plus(pause);
    }
  }

  private static ClaimPolicy policy(Random random) {
    return new ClaimPolicy(
        Amount.of(random.nextInt(1, 2_000)),
        Duration.ofSeconds(random.nextInt(1, 7_200)),
        random.nextInt(1, 20),
        random.nextInt(1, 8),
        Duration.ofSeconds(random.nextInt(1, 3_600)));
  }

  /// About the limits of the policy, where mistakes are.
  private static Unclaimed state(Random random, ClaimPolicy policy) {
    long channels = random.nextInt(5) == 0 ? 0 : random.nextInt(1, policy.maxBacklog() + 3);
    if (channels == 0) {
      return new Unclaimed(
          Amount.ZERO, Optional.empty(), 0, random.nextBoolean(), Amount.of(random.nextInt(2)));
    }
    long most = policy.threshold().units().longValueExact() * (policy.maxGasFactor() + 1);
    return new Unclaimed(
        Amount.of(random.nextLong(1, most + 1)),
        Optional.of(NOW.minusSeconds(random.nextLong(policy.maxAge().toSeconds() + 2))),
        channels,
        random.nextInt(5) == 0,
        Amount.of(Math.max(0, random.nextInt(-4, 2))));
  }

  private static Optional<Due> due(Unclaimed unclaimed, GasPrice gas) {
    return POLICY.due(unclaimed, gas, NOW);
  }

  private static Due all(ClaimReason reason) {
    return new Due(reason, false);
  }

  /// In hundredths of the usual price.
  private static GasPrice gas(long price) {
    return new GasPrice(BigInteger.valueOf(price), BigInteger.valueOf(100));
  }

  private static Unclaimed unclaimed(
      long value, long minutes, long channels, boolean leaving, long shortfall) {
    return new Unclaimed(
        Amount.of(value),
        Optional.of(NOW.minus(Duration.ofMinutes(minutes))),
        channels,
        leaving,
        Amount.of(shortfall));
  }
}
