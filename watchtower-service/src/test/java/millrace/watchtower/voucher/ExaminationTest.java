package millrace.watchtower.voucher;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.testkit.Persona;
import millrace.watchtower.voucher.Examination.Fault;
import org.junit.jupiter.api.Test;

class ExaminationTest {
  private static final Address VAULT = Address.of("0x" + "5a".repeat(20));
  private static final ChannelsDomain DOMAIN =
      new ChannelsDomain(BigInteger.valueOf(31337), Address.of("0x" + "c0".repeat(20)));
  private static final SigningKey ALICE = Persona.ALICE.key();
  private static final ChannelConfig CONFIG = config(ALICE.address(), VAULT);
  private static final ChannelId CHANNEL = DOMAIN.channelId(CONFIG);

  private final Examination examination = new Examination(DOMAIN, VAULT);

  @Test
  void aVoucherThatTheContractWouldPayOnIsGood() {
    assertThat(
            examination.faultOf(
                CHANNEL.toString(), payment(CONFIG, CHANNEL, sign(ALICE, CHANNEL, 100), 100)))
        .isEmpty();
  }

  @Test
  void theTermsMustBeThoseOfTheChannel() {
    var others = config(ALICE.address(), Address.of("0x" + "66".repeat(20)));
    assertThat(
            examination.faultOf(
                CHANNEL.toString(), payment(others, CHANNEL, sign(ALICE, CHANNEL, 100), 100)))
        .contains(Fault.OTHER_CHANNEL);
  }

  @Test
  void theVoucherMustBeOfTheChannel() {
    var other = ChannelId.of("0x" + "0c".repeat(32));
    assertThat(
            examination.faultOf(
                CHANNEL.toString(), payment(CONFIG, CHANNEL, sign(ALICE, other, 100), 100)))
        .contains(Fault.OTHER_CHANNEL);
  }

  @Test
  void anEventUnderAnotherChannelsNameIsNotItsVoucher() {
    assertThat(
            examination.faultOf(
                "0x" + "0c".repeat(32), payment(CONFIG, CHANNEL, sign(ALICE, CHANNEL, 100), 100)))
        .contains(Fault.OTHER_CHANNEL);
  }

  @Test
  void theChannelMustPayThisHub() {
    var config = config(ALICE.address(), Persona.MALLORY.address());
    var channel = DOMAIN.channelId(config);
    assertThat(
            examination.faultOf(
                channel.toString(), payment(config, channel, sign(ALICE, channel, 100), 100)))
        .contains(Fault.OTHER_RECEIVER);
  }

  @Test
  void noMoreIsChargedThanSigned() {
    assertThat(
            examination.faultOf(
                CHANNEL.toString(), payment(CONFIG, CHANNEL, sign(ALICE, CHANNEL, 100), 101)))
        .contains(Fault.CHARGED_ABOVE_CEILING);
  }

  @Test
  void noMoreIsDueThanCharged() {
    var good = payment(CONFIG, CHANNEL, sign(ALICE, CHANNEL, 100), 90);
    assertThat(examination.faultOf(CHANNEL.toString(), due(good, 90))).isEmpty();
    assertThat(examination.faultOf(CHANNEL.toString(), due(good, 91)))
        .contains(Fault.DUE_ABOVE_CHARGED);
  }

  private static PaymentAccepted due(PaymentAccepted payment, long due) {
    return new PaymentAccepted(
        payment.paymentId(),
        payment.channelId(),
        payment.config(),
        payment.merchantId(),
        payment.amount(),
        payment.charged(),
        payment.voucher(),
        payment.sequence(),
        payment.resource(),
        payment.at(),
        Optional.of(Amount.of(due)));
  }

  @Test
  void theVoucherKeyMustHaveSigned() {
    var forged = sign(Persona.MALLORY.key(), CHANNEL, 100);
    assertThat(examination.faultOf(CHANNEL.toString(), payment(CONFIG, CHANNEL, forged, 100)))
        .contains(Fault.SIGNATURE);
  }

  @Test
  void aWalletThatCouldRevokeItsSignatureIsNoVoucherKey() {
    var config = config(Address.ZERO, VAULT);
    var channel = DOMAIN.channelId(config);
    assertThat(
            examination.faultOf(
                channel.toString(), payment(config, channel, sign(ALICE, channel, 100), 100)))
        .contains(Fault.SIGNATURE);
  }

  private static SignedVoucher sign(SigningKey key, ChannelId channel, long ceiling) {
    var voucher = new Voucher(channel, Amount.of(ceiling));
    return new SignedVoucher(voucher, key.sign(DOMAIN.digest(voucher)));
  }

  private static ChannelConfig config(Address voucherKey, Address receiver) {
    return new ChannelConfig(
        ALICE.address(),
        voucherKey,
        receiver,
        receiver,
        Address.of("0x" + "70".repeat(20)),
        900,
        Bytes32.ZERO);
  }

  private static PaymentAccepted payment(
      ChannelConfig config, ChannelId channel, SignedVoucher voucher, long charged) {
    return new PaymentAccepted(
        new PaymentId("pay_01j0payment000000000000001"),
        channel,
        config,
        new MerchantId("mer_01j0merchant00000000000001"),
        Amount.of(1),
        Amount.of(charged),
        voucher,
        1,
        "/",
        Instant.EPOCH);
  }
}
