package millrace.protocol.eip712;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  @Test
  void takesEveryUint256AndNothingElse() {
    assertThat(Words.plain(1).put(MAX).hash()).hasSize(32);
    assertThatThrownBy(() -> Words.plain(1).put(MAX.add(BigInteger.ONE)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Words.plain(1).put(BigInteger.ONE.negate()))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Words.plain(1).put(-1L)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void refusesToHashAStructThatMissesAField() {
    assertThatThrownBy(() -> Words.plain(2).put(1).hash())
        .isInstanceOf(IllegalStateException.class);
  }
}
