package millrace.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import millrace.protocol.eip712.Keccak;
import millrace.protocol.type.Address;
import org.junit.jupiter.api.Test;

class BloomTest {
  private static final Address CONTRACT = Address.of("0x%040x".formatted(7));
  private static final Address OTHER = Address.of("0x%040x".formatted(8));

  @Test
  void aFilterWithTheContractInItMayContainIt() {
    assertThat(filterOf(CONTRACT).mayContain(CONTRACT)).isTrue();
    assertThat(filterOf(CONTRACT).mayContain(OTHER)).isFalse();
  }

  @Test
  void anEmptyOrMissingFilterContainsNothing() {
    assertThat(new Bloom(Bytes.of(new byte[256])).mayContain(CONTRACT)).isFalse();
    assertThat(new Bloom(Bytes.EMPTY).mayContain(CONTRACT)).isFalse();
  }

  /// As the yellow paper has it: three times eleven bits of the hash, counted from the end.
  private static Bloom filterOf(Address contract) {
    byte[] hash = Keccak.hash(contract.toArray());
    byte[] filter = new byte[256];
    for (int i = 0; i < 6; i += 2) {
      int bit = ((hash[i] & 7) << 8) + (hash[i + 1] & 0xff);
      filter[255 - bit / 8] |= (byte) (1 << (bit % 8));
    }
    return new Bloom(Bytes.of(filter));
  }
}
