package millrace.protocol.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {
  private static final String MAX = "340282366920938463463374607431768211455";

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "1000", MAX})
  void readsAndWritesDecimalStrings(String text) {
    assertThat(Amount.of(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " 1",
        "1 ",
        "+1",
        "-1",
        "1.0",
        "1e3",
        "0x1",
        "00",
        "01",
        "/",
        ":",
        "٣",
        "340282366920938463463374607431768211456",
        "1000000000000000000000000000000000000000",
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> Amount.of(text)).isExactlyInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsDigitsBeforeItCalculates() {
    assertThatThrownBy(() -> Amount.of("9".repeat(40))).hasMessageContaining("39 digits");
  }

  @Test
  void isAlwaysAUint128() {
    assertThat(Amount.MAX).hasToString(MAX);
    assertThatThrownBy(() -> Amount.MAX.plus(Amount.of(1))).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Amount.of(1).minus(Amount.of(2)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Amount(BigInteger.ONE.negate()))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void calculates() {
    assertThat(Amount.of(7).minusOrZero(Amount.of(9))).isEqualTo(Amount.ZERO);
    assertThat(Amount.of(9).minusOrZero(Amount.of(7))).isEqualTo(Amount.of(2));
    assertThat(Amount.of(7).times(3)).isEqualTo(Amount.of(21));
    assertThat(Amount.of(7).min(Amount.of(9))).isEqualTo(Amount.of(7));
    assertThat(Amount.of(7).max(Amount.of(9))).isEqualTo(Amount.of(9));
    assertThat(Amount.of(7).exceeds(Amount.of(7))).isFalse();
    assertThat(Amount.of(8).exceeds(Amount.of(7))).isTrue();
  }
}
