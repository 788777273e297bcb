package millrace.protocol.x402;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.ID;
import static millrace.protocol.channel.Samples.MALLORY;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.x402.Wire.CONFIG;
import static millrace.protocol.x402.Wire.KEYS;
import static millrace.protocol.x402.Wire.NETWORK;
import static millrace.protocol.x402.Wire.NOW;
import static millrace.protocol.x402.Wire.OFFER;
import static millrace.protocol.x402.Wire.SALT;
import static millrace.protocol.x402.Wire.STATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import org.junit.jupiter.api.Test;

/// The payer's side, by the server's own checks.
class PayerKeysTest {
  private static final PayerKeys TWO_KEYS = new PayerKeys(ALICE, MALLORY, Deployment.CANONICAL);

  private static PaymentRequirements corrected(ChannelState state, Optional<VoucherState> shown) {
    return OFFER.correctedBy(state, shown);
  }

  private static ChannelState charged(long units) {
    return new ChannelState(
        STATE.channelId(),
        STATE.balance(),
        STATE.totalClaimed(),
        0,
        STATE.refundNonce(),
        amount(units));
  }

  @Test
  void signsVouchersThatVerify() {
    var domain = Deployment.CANONICAL.domain(NETWORK);
    var config = TWO_KEYS.channelFor(OFFER, SALT);
    assertThat(config.payer()).isEqualTo(ALICE.address());
    assertThat(config.payerAuthorizer()).isEqualTo(MALLORY.address());
    var payload = TWO_KEYS.voucher(OFFER, config, amount(7));
    assertThat(domain.verify(payload.voucher(), config)).isPresent();
    assertThat(Terms.check(payload, OFFER, domain)).isEmpty();
    var refund = TWO_KEYS.refund(OFFER, config, amount(7), Optional.empty());
    assertThat(domain.verify(refund.voucher(), config)).isPresent();
    assertThat(refund.amount()).isEmpty();
  }

  @Test
  void signsDepositsWithTheOwnersKey() {
    var config = TWO_KEYS.channelFor(OFFER, Bytes32.ZERO);
    var payload =
        TWO_KEYS.deposit(OFFER, config, amount(1000), OFFER.suggestedDeposit(), SALT, NOW);
    assertThat(Terms.checkDeposit(payload, OFFER, Deployment.CANONICAL.depositCollector(), NOW))
        .isEmpty();
    assertThat(payload.deposit().validBeforeSeconds()).isEqualTo(NOW.getEpochSecond() + 300);
  }

  @Test
  void believesACorrectionThatItsOwnSignatureProves() {
    assertThat(
            KEYS.believed(corrected(STATE, Optional.of(Wire.voucherState())), CONFIG, amount(3000)))
        .contains(STATE);
  }

  @Test
  void doesNotBelieveMoreThanItSigned() {
    assertThat(
            KEYS.believed(
                corrected(charged(5001), Optional.of(Wire.voucherState())), CONFIG, Amount.ZERO))
        .isEmpty();
  }

  @Test
  void doesNotBelieveLessThanTheChainRecorded() {
    assertThat(
            KEYS.believed(corrected(STATE, Optional.of(Wire.voucherState())), CONFIG, amount(5001)))
        .isEmpty();
  }

  @Test
  void doesNotBelieveAnothersSignatureOrNone() {
    var forged = new PayerKeys(MALLORY, MALLORY, Deployment.CANONICAL);
    var theirs = forged.sign(NETWORK, CONFIG, amount(5000));
    assertThat(
            KEYS.believed(
                corrected(STATE, Optional.of(new VoucherState(amount(5000), theirs.signature()))),
                CONFIG,
                Amount.ZERO))
        .isEmpty();
    assertThat(KEYS.believed(corrected(STATE, Optional.empty()), CONFIG, Amount.ZERO)).isEmpty();
    assertThat(KEYS.believed(OFFER, CONFIG, Amount.ZERO)).isEmpty();
  }

  @Test
  void doesNotBelieveTheStateOfAnotherChannel() {
    var mixed =
        new ChannelState(
            ID,
            STATE.balance(),
            STATE.totalClaimed(),
            0,
            STATE.refundNonce(),
            STATE.chargedCumulativeAmount());
    assertThat(
            KEYS.believed(corrected(mixed, Optional.of(Wire.voucherState())), CONFIG, Amount.ZERO))
        .isEmpty();
    assertThat(
            KEYS.believed(
                corrected(STATE, Optional.of(Wire.voucherState())),
                KEYS.channelFor(OFFER, SALT),
                Amount.ZERO))
        .isEmpty();
  }
}
