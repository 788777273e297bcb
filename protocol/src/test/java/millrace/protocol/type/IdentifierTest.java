package millrace.protocol.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class IdentifierTest {
  private static final String HEX = "0xAbCdEf0123456789aBcDeF0123456789AbCdEf01";

  @Test
  void readsAddressesInEitherCaseAndWritesLowerCase() {
    assertThat(Address.of(HEX)).isEqualTo(Address.of(HEX.toLowerCase(Locale.ROOT)));
    assertThat(Address.of(HEX)).hasToString(HEX.toLowerCase(Locale.ROOT));
    assertThat(Address.of(Address.of(HEX).toArray())).isEqualTo(Address.of(HEX));
    assertThat(Address.ZERO.isZero()).isTrue();
    assertThat(Address.of(HEX).isZero()).isFalse();
  }

  @Test
  void refusesWhatIsNotHexOfTheRightLength() {
    for (String wrong :
        new String[] {"", "0x", HEX.substring(2), HEX + "0", HEX + "00", HEX.replace('A', 'g')}) {
      assertThatThrownBy(() -> Address.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Address.of(new byte[21])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Bytes32.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Bytes32.of(HEX)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hex.decode("12")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hex.decode("0x1")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesOfOurOwnHaveAPrefixAnd26Characters() {
    var digits = "0123456789abcdefghijklmnop";
    assertThat(new PaymentId("pay_" + digits)).hasToString("pay_" + digits);
    assertThat(new PayoutId("po_" + "z".repeat(26)).value()).endsWith("zz");
    for (String wrong :
        new String[] {
          "",
          "pay_",
          "pay_" + digits + "0",
          "pay_" + digits.substring(1),
          "mer_" + digits,
          "pay_" + digits.replace('a', 'A'),
          "pay_" + digits.replace('a', '/'),
          "pay_" + digits.replace('a', ':'),
          "pay_" + digits.replace('a', '`'),
          "pay_" + digits.replace('a', '{'),
          "pay_" + digits.replace('a', 'é')
        }) {
      assertThatThrownBy(() -> new PaymentId(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void cannotBeChangedFromOutside() {
    byte[] bytes = new byte[32];
    var value = Bytes32.of(bytes);
    bytes[0] = 1;
    value.toArray()[1] = 1;
    assertThat(value).isEqualTo(Bytes32.ZERO).hasSameHashCodeAs(Bytes32.ZERO);
  }

  @Test
  void ordersChannelsByUnsignedBytes() {
    var low = ChannelId.of("0x7f" + "00".repeat(31));
    var high = ChannelId.of("0x80" + "00".repeat(31));
    assertThat(low).isLessThan(high);
    assertThat(ChannelId.of(low.toArray())).isEqualTo(low).hasToString("0x7f" + "00".repeat(31));
  }

  @Test
  void namesPaymentsAndMerchants() {
    assertThat(new PaymentId("pay_" + "a1".repeat(13))).hasToString("pay_" + "a1".repeat(13));
    assertThat(new MerchantId("mer_" + "a1".repeat(13))).hasToString("mer_" + "a1".repeat(13));
    assertThatThrownBy(() -> new PaymentId("mer_" + "a1".repeat(13)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MerchantId("mer_" + "A1".repeat(13)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
