package millrace.protocol.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeeTermsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1000, 0",
    "5, 0, 1000, 5",
    "0, 250, 1000, 25",
    "5, 250, 1000, 30",
    "0, 1, 9999, 0",
    "0, 1, 10000, 1",
    "0, 333, 100, 3",
    "5, 250, 4, 4",
    "5, 250, 0, 0",
    "0, 10000, 7, 7"
  })
  void isTheFlatPartAndAShareThatIsRoundedDown(long flat, int basisPoints, long amount, long fee) {
    assertThat(new FeeTerms(Amount.of(flat), basisPoints).of(Amount.of(amount)))
        .isEqualTo(Amount.of(fee));
  }

  @Test
  void isNeverMoreThanTheAmountAndNeverMoreThanAsked() {
    var random = new Random(54);
    for (int i = 0; i < 10_000; i++) {
      var amount = new Amount(new BigInteger(random.nextInt(96), random));
      var flat = new Amount(new BigInteger(random.nextInt(40), random));
      int basisPoints = random.nextInt(FeeTerms.WHOLE + 1);
      var fee = new FeeTerms(flat, basisPoints).of(amount);
      var exact =
          new BigDecimal(amount.units())
              .multiply(BigDecimal.valueOf(basisPoints, 4))
              .setScale(0, RoundingMode.DOWN)
              .toBigIntegerExact()
              .add(flat.units());
      assertThat(fee.exceeds(amount)).isFalse();
      assertThat(fee.units()).isEqualTo(exact.min(amount.units()));
    }
  }

  @Test
  void aShareIsNoMoreThanTheWhole() {
    assertThatThrownBy(() -> new FeeTerms(Amount.ZERO, 10_001))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FeeTerms(Amount.ZERO, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
