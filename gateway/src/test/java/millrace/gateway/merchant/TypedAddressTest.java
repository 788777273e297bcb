package millrace.gateway.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x70997970c51812dc3a010c7d01b50e0d17dc79c9"
      })
  void anAddressWhoseCapitalsFitOrThatHasNoneIsTaken(String text) {
    assertThat(TypedAddress.isMistyped(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C9",
        "0x70997970C51812dc3A010C7d01b50e0d17dc97C8",
        "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x70997970C51812DC3A010C7D01B50E0D17DC79C8"
      })
  void aWrongDigitShowsInTheCapitals(String text) {
    assertThat(TypedAddress.isMistyped(text)).isTrue();
  }
}
