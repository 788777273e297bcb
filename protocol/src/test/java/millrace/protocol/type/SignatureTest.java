package millrace.protocol.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final String R = "11".repeat(32);
  private static final String HALF =
      "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
  private static final String ABOVE_HALF =
      "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1";

  private static void assertRefused(String hex) {
    assertThatThrownBy(() -> Signature.of(hex)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsRThenSThenV() {
    var signature = Signature.of("0x" + R + HALF + "1c");
    assertThat(signature).hasToString("0x" + R + HALF + "1c");
    assertThat(signature.compact()).isEqualTo(Hex.decode("0x" + R + HALF));
    assertThat(signature.recoveryId()).isEqualTo(1);
    assertThat(Signature.of("0x" + R + HALF + "1b").recoveryId()).isZero();
    assertThat(Signature.of(signature.toArray())).isEqualTo(signature).hasSameHashCodeAs(signature);
  }

  @Test
  void refusesAnSInTheUpperHalf() {
    assertRefused("0x" + R + ABOVE_HALF + "1b");
    assertRefused("0x" + R + "ff".repeat(32) + "1b");
  }

  @Test
  void refusesAnyOtherV() {
    for (String v : new String[] {"00", "01", "1a", "1d", "ff"}) assertRefused("0x" + R + HALF + v);
  }

  @Test
  void refusesAnyOtherLength() {
    assertRefused("0x" + R + HALF);
    assertRefused("0x" + R + HALF + "1b1b");
    assertThatThrownBy(() -> Signature.of(new byte[64]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
