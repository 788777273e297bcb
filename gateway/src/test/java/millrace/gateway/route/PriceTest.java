package millrace.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTest {
  private static final Price FLAT = new Price(Amount.of(100), Optional.empty());
  private static final Price METERED = new Price(Amount.of(100), Optional.of(Amount.of(3)));

  @Test
  void aFlatPriceAsksForNoUsage() {
    assertThat(FLAT.charge(List.of())).contains(Amount.of(100));
    assertThat(FLAT.charge(List.of("7"))).contains(Amount.of(100));
  }

  @Test
  void whatWasUsedIsCharged() {
    assertThat(METERED.charge(List.of("7"))).contains(Amount.of(21));
    assertThat(METERED.charge(List.of("0"))).contains(Amount.ZERO);
    assertThat(METERED.charge(List.of("33"))).contains(Amount.of(99));
  }

  @ParameterizedTest
  @ValueSource(strings = {"34", "1000", "999999999999999999"})
  void neverMoreThanWasSigned(String usage) {
    assertThat(METERED.charge(List.of(usage))).contains(Amount.of(100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-1", "+1", "1.5", "1e3", "0x10", "1000000000000000000", "٣"})
  void whatIsNoNumberOfUnitsIsNothingToChargeBy(String usage) {
    assertThat(METERED.charge(List.of(usage))).isEmpty();
  }

  @Test
  void neitherIsSilenceOrTwoAnswers() {
    assertThat(METERED.charge(List.of())).isEmpty();
    assertThat(METERED.charge(List.of("7", "7"))).isEmpty();
  }

  static Stream<Long> seeds() {
    return LongStream.range(0, 50).boxed();
  }

  /// A failure names its seed.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theChargeIsTheProductOrThePriceWhicheverIsLess(long seed) {
    var random = new Random(seed);
    long most = random.nextLong(1, 1L << 40);
    long unit = random.nextLong(1, most + 1);
    long units = random.nextLong(1L << 20);
    var price = new Price(Amount.of(most), Optional.of(Amount.of(unit)));
    assertThat(price.charge(List.of("" + units)))
        .contains(Amount.of(Math.min(most, Math.multiplyExact(unit, units))));
  }
}
