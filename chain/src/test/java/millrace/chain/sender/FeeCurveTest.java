package millrace.chain.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Random;
import millrace.chain.rpc.Fees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FeeCurveTest {
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final Instant SEEN = Instant.ofEpochSecond(1_000_000);
  private static final long WINDOW = 1_000;
  private static final long GAS = 1_000_000;
  private static final Fees MARKET = gwei(20, 1);

  /// A thousand gwei for each unit of gas.
  private final FeeCurve curve = curve(GWEI.multiply(BigInteger.valueOf(1_000 * GAS)));

  @Test
  void untilAQuarterOfTheWindowItOffersTheMarketWithTwiceTheTip() {
    assertThat(curve.at(after(0), MARKET)).isEqualTo(gwei(21, 2));
    assertThat(curve.at(after(250), MARKET)).isEqualTo(gwei(21, 2));
    assertThat(curve.climbs(after(250))).isFalse();
    assertThat(curve.climbs(after(251))).isTrue();
  }

  @Test
  void halfwayUpItHasGrownByHalfOfTheFactor() {
    var half = curve.at(after(575), MARKET);
    assertThat(half.maxFeeWei().divide(GWEI)).isEqualTo((long) Math.sqrt(21 * 1_000.0));
    assertThat(half.priorityFeeWei().divide(GWEI)).isEqualTo((long) Math.sqrt(2 * 1_000.0));
  }

  @Test
  void fromNineTenthsOnItOffersAllThatTheMoneyIsWorth() {
    assertThat(curve.at(after(900), MARKET)).isEqualTo(gwei(1_000, 1_000));
    assertThat(curve.at(after(5_000), MARKET)).isEqualTo(gwei(1_000, 1_000));
  }

  @Test
  void whatIsWorthLessThanItsGasOffersWhatTheMarketAsksAndNoMore() {
    var dust = curve(BigInteger.ONE);
    assertThat(dust.at(after(950), MARKET)).isEqualTo(gwei(21, 2));
  }

  @Test
  void aWindowWithoutTimeIsABug() {
    assertThatThrownBy(() -> new Urgency(SEEN, SEEN, GWEI))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Goal: later is never less, a dearer market is never less, and between the market and the worth
  /// it always stays.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("millrace.testkit.Seeds#stream")
  void growsWithTimeAndMarketAndStaysBetweenMarketAndWorth(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      var any = curve(new BigInteger(random.nextInt(1, 100), random));
      var tip = BigInteger.valueOf(random.nextLong(0, 1L << 40));
      var market = new Fees(tip.add(BigInteger.valueOf(random.nextLong(0, 1L << 45))), tip);
      var dearer = market.raised();
      var base = any.at(after(0), market);
      var worth = any.urgency().worthWei().divide(BigInteger.valueOf(GAS));
      var before = base;
      for (int second = 0; second <= WINDOW; second += random.nextInt(1, 60)) {
        var now = any.at(after(second), market);
        assertThat(now.max(before)).as("later is not less").isEqualTo(now);
        assertThat(now.limitedTo(worth.max(base.maxFeeWei()))).isEqualTo(now);
        assertThat(now.priorityFeeWei())
            .isLessThanOrEqualTo(worth.max(base.priorityFeeWei()))
            .isLessThanOrEqualTo(now.maxFeeWei());
        var then = any.at(after(second), dearer);
        assertThat(isWithin(now, then)).as("dearer is not less").isTrue();
        before = now;
      }
    }
  }

  /// But for the precision of the exponent.
  private static boolean isWithin(Fees low, Fees high) {
    return low.maxFeeWei().doubleValue() <= high.maxFeeWei().doubleValue() * (1 + 1e-9) + 1
        && low.priorityFeeWei().doubleValue()
            <= high.priorityFeeWei().doubleValue() * (1 + 1e-9) + 1;
  }

  private static FeeCurve curve(BigInteger worthWei) {
    return new FeeCurve(new Urgency(SEEN, after(WINDOW), worthWei), GAS);
  }

  private static Instant after(long seconds) {
    return SEEN.plusSeconds(seconds);
  }

  private static Fees gwei(long whole, long tip) {
    return new Fees(
        GWEI.multiply(BigInteger.valueOf(whole)), GWEI.multiply(BigInteger.valueOf(tip)));
  }
}
