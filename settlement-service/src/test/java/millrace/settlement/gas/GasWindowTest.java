package millrace.settlement.gas;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GasWindowTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void aPriceMeansNothingUntilAnHourOfTheDayIsKnown() {
    var window = new GasWindow(DAY);
    for (int minute = 0; minute < 55; minute++) {
      assertThat(seen(window, minute, 1_000)).isEqualTo(GasPrice.UNKNOWN);
    }
    assertThat(seen(window, 55, 3_000)).isEqualTo(price(3_000, 1_000));
  }

  @Test
  void aSpikeDoesNotMoveWhatIsUsual() {
    var window = new GasWindow(DAY);
    for (int minute = 0; minute < 600; minute++) {
      seen(window, minute, minute / 60 == 5 ? 90_000 : 1_000);
    }
    assertThat(seen(window, 600, 2_000)).isEqualTo(price(2_000, 1_000));
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    var window = new GasWindow(DAY);
    for (int minute = 0; minute < 1_440; minute++) seen(window, minute, 1_000);
    for (int minute = 1_440; minute < 2_880; minute++) seen(window, minute, 7_000);
    assertThat(seen(window, 2_880, 7_000)).isEqualTo(price(7_000, 7_000));
  }

  @Test
  void longSilenceLeavesTooLittleToJudgeBy() {
    var window = new GasWindow(DAY);
    for (int minute = 0; minute < 1_440; minute++) seen(window, minute, 1_000);
    assertThat(seen(window, 3 * 1_440, 9_000)).isEqualTo(GasPrice.UNKNOWN);
  }

  @Test
  void freeGasIsNotUsual() {
    var window = new GasWindow(DAY);
    for (int minute = 0; minute < 120; minute++) seen(window, minute, 0);
    assertThat(seen(window, 120, 0)).isEqualTo(price(0, 1));
  }

  @Test
  void aClockThatGoesBackDoesNoHarm() {
    var window = new GasWindow(DAY);
    for (int minute = 0; minute < 120; minute++) seen(window, minute, 1_000);
    assertThat(seen(window, 3, 2_000)).isEqualTo(price(2_000, 1_000));
  }

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  /// Goal: whatever prices come and whenever, the memory stays small, and what is usual was seen.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsUsualLiesBetweenTheLeastAndTheMostThatWasSeen(long seed) {
    var random = new Random(seed);
    var window = new GasWindow(Duration.ofMinutes(5 + random.nextInt(3_000)));
    long least = Long.MAX_VALUE;
    long most = 0;
    var at = START;
    for (int i = 0; i < 2_000; i++) {
      at = at.plusMillis(random.nextLong(60_000));
      long price = 1 + (long) Math.exp(random.nextDouble() * 25);
      least = Math.min(least, price);
      most = Math.max(most, price);
      var known = window.seen(at, BigInteger.valueOf(price));
      assertThat(window.size()).isLessThanOrEqualTo(288);
      if (known.equals(GasPrice.UNKNOWN)) continue;
      assertThat(known.now()).isEqualTo(price);
      assertThat(known.usual()).isBetween(BigInteger.valueOf(least), BigInteger.valueOf(most));
    }
  }

  private static GasPrice seen(GasWindow window, long minute, long price) {
    return window.seen(START.plus(Duration.ofMinutes(minute)), BigInteger.valueOf(price));
  }

  private static GasPrice price(long now, long usual) {
    return new GasPrice(BigInteger.valueOf(now), BigInteger.valueOf(usual));
  }
}
