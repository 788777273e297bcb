package millrace.settlement.gas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GasPriceTest {
  @ParameterizedTest
  @CsvSource({
    "100, 100, 4, 1000",
    "250, 100, 4, 2500",
    "400, 100, 4, 4000",
    "900, 100, 4, 4000",
    "50, 100, 4, 500",
    "1, 100, 4, 500",
    "900, 100, 1, 1000",
    "75, 100, 1, 750"
  })
  void aValueGrowsAndShrinksWithTheRatioWithinLimits(
      long now, long usual, int most, long expected) {
    assertThat(price(now, usual).times(BigInteger.valueOf(1_000), most)).isEqualTo(expected);
  }

  @Test
  void aPartOfAUnitIsAWholeOne() {
    assertThat(price(101, 100).times(BigInteger.ONE, 4)).isEqualTo(2);
  }

  @Test
  void anUnknownPriceChangesNothing() {
    assertThat(GasPrice.UNKNOWN.times(BigInteger.TEN, 4)).isEqualTo(10);
  }

  @Test
  void nothingIsUsuallyFree() {
    assertThatThrownBy(() -> price(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> price(-1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /// Goal: dearer gas never asks for less.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void dearerGasNeverAsksForLess(long seed) {
    var random = new Random(seed);
    long usual = random.nextLong(1, 1_000_000);
    long now = random.nextLong(5 * usual);
    int most = random.nextInt(1, 10);
    var value = BigInteger.valueOf(random.nextLong(1_000_000_000));
    assertThat(price(now + random.nextLong(usual), usual).times(value, most))
        .isGreaterThanOrEqualTo(price(now, usual).times(value, most));
  }

  private static GasPrice price(long now, long usual) {
    return new GasPrice(BigInteger.valueOf(now), BigInteger.valueOf(usual));
  }
}
