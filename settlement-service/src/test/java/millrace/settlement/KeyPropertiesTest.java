package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KeyPropertiesTest {
  private static final String KEY = "0x" + "0".repeat(63) + "1";
  private static final String OTHER = "0x" + "0".repeat(63) + "2";

  @Test
  void oneKeyPlaysEveryRoleThatHasNoneOfItsOwn() {
    var keys = new KeyProperties(KEY, null, OTHER, null);
    assertThat(keys.claimer().address()).isEqualTo(keys.refunder().address());
    assertThat(keys.promiser().address()).isNotEqualTo(keys.claimer().address());
  }

  @Test
  void aMissingKeyIsNamed() {
    var keys = new KeyProperties(null, KEY, null, KEY);
    assertThatThrownBy(keys::promiser).hasMessageContaining("millrace.settlement.promise-key");
  }

  @Test
  void aBrokenKeyIsNotRepeatedInTheError() {
    var keys = new KeyProperties("0xsecret", null, null, null);
    assertThatThrownBy(keys::claimer)
        .isInstanceOf(IllegalStateException.class)
        .hasNoCause()
        .hasMessageNotContaining("0xsecret");
  }

  @Test
  void keysAreNotPrinted() {
    assertThat(new KeyProperties(KEY, OTHER, null, null).toString())
        .doesNotContain(KEY.substring(2))
        .doesNotContain(OTHER.substring(2));
  }
}
