package millrace.protocol.eip712;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import millrace.protocol.type.Bytes32;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
  @Test
  void refusesWhatIsNoKeyOfTheCurve() {
    assertThatThrownBy(() -> SigningKey.of(Bytes32.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SigningKey.of("0x" + "ff".repeat(32)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void neverPrintsTheKey() {
    var key = SigningKey.of("0x" + "12".repeat(32));
    assertThat(key.toString()).doesNotContain("1212").contains(key.address().toString());
    assertThat(key.secret()).hasToString("0x" + "12".repeat(32));
  }
}
