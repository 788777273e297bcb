package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.CONFIG;
import static millrace.protocol.channel.Samples.DOMAIN;
import static millrace.protocol.channel.Samples.ID;
import static millrace.protocol.channel.Samples.MALLORY;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.signed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import millrace.protocol.eip712.Secp256k1Keys;
import millrace.protocol.type.Address;
import millrace.protocol.type.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who may move a channel's money: the holder of its voucher key, for that channel, up to that
/// ceiling.
class VerificationTest {
  private static final SignedVoucher GOOD = signed(ALICE, 54);

  static LongStream seeds() {
    return LongStream.range(0, Boolean.getBoolean("millrace.long") ? 100 : 3);
  }

  private static SignedVoucher with(Signature signature) {
    return new SignedVoucher(GOOD.voucher(), signature);
  }

  @Test
  void acceptsTheVoucherKeysOwnSignature() {
    var verified = DOMAIN.verify(GOOD, ALICE.address()).orElseThrow();
    assertThat(verified.signed()).isEqualTo(GOOD);
    assertThat(verified.channelId()).isEqualTo(ID);
    assertThat(verified.ceiling()).isEqualTo(amount(54));
    assertThat(verified.signature()).isEqualTo(GOOD.signature());
  }

  @Test
  void refusesAnothersSignature() {
    assertThat(DOMAIN.verify(signed(MALLORY, 54), ALICE.address())).isEmpty();
    assertThat(DOMAIN.verify(signed(MALLORY, 54), CONFIG)).isEmpty();
  }

  @Test
  void refusesASignatureForAnotherCeilingOrChannel() {
    assertThat(DOMAIN.verify(with(signed(ALICE, 53).signature()), ALICE.address())).isEmpty();
    var elsewhere =
        new ChannelsDomain(DOMAIN.chainId().add(java.math.BigInteger.ONE), DOMAIN.contract());
    assertThat(elsewhere.verify(GOOD, ALICE.address())).isEmpty();
  }

  @Test
  void refusesAVoucherOfAnotherChannelThanItsTermsSay() {
    var mine =
        new ChannelConfig(
            MALLORY.address(),
            MALLORY.address(),
            CONFIG.receiver(),
            CONFIG.receiverAuthorizer(),
            CONFIG.token(),
            CONFIG.withdrawDelaySeconds(),
            CONFIG.salt());
    assertThat(DOMAIN.verify(signed(MALLORY, 54), MALLORY.address())).isPresent();
    assertThat(DOMAIN.verify(signed(MALLORY, 54), mine)).isEmpty();
  }

  @Test
  void refusesAChannelWhoseVoucherKeyIsAContract() {
    assertThat(DOMAIN.verify(GOOD, Address.ZERO)).isEmpty();
  }

  @Test
  void refusesTheOtherRecoveryId() {
    byte[] flipped = GOOD.signature().toArray();
    flipped[64] = (byte) (55 - flipped[64]);
    assertThat(DOMAIN.verify(with(Signature.of(flipped)), ALICE.address())).isEmpty();
  }

  @Test
  void refusesPointsThatDoNotExist() {
    byte[] digest = DOMAIN.digest(GOOD.voucher());
    for (int filler : new int[] {0, 0xff}) {
      byte[] noR = GOOD.signature().toArray();
      Arrays.fill(noR, 0, 32, (byte) filler);
      assertThat(Secp256k1Keys.recover(digest, Signature.of(noR))).isEmpty();
    }
    byte[] noS = GOOD.signature().toArray();
    Arrays.fill(noS, 32, 64, (byte) 0);
    assertThat(Secp256k1Keys.recover(digest, Signature.of(noS))).isEmpty();
    assertThat(DOMAIN.verify(with(Signature.of(noS)), ALICE.address())).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void refusesGarbageWithoutThrowing(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[65];
      random.nextBytes(bytes);
      bytes[32] &= 0x7f;
      bytes[33] &= 0x7f;
      bytes[64] = (byte) random.nextInt(27, 29);
      assertThat(DOMAIN.verify(with(Signature.of(bytes)), ALICE.address())).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void refusesASignatureWithOneBitChanged(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = GOOD.signature().toArray();
      int bit = random.nextInt(64 * 8);
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      if (bit / 8 == 32) continue;
      assertThat(DOMAIN.verify(with(Signature.of(bytes)), ALICE.address())).isEmpty();
    }
  }
}
