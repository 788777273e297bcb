package millrace.protocol.x402;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.MALLORY;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.x402.Wire.CONFIG;
import static millrace.protocol.x402.Wire.KEYS;
import static millrace.protocol.x402.Wire.NETWORK;
import static millrace.protocol.x402.Wire.NOW;
import static millrace.protocol.x402.Wire.OFFER;
import static millrace.protocol.x402.Wire.SALT;
import static millrace.protocol.x402.Wire.VAULT;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TermsTest {
  private static final ChannelsDomain DOMAIN = Deployment.CANONICAL.domain(NETWORK);
  private static final Address OTHER = Address.of("0x" + "0e".repeat(20));
  private static final Address COLLECTOR = Deployment.CANONICAL.depositCollector();

  private static Optional<X402Error> check(ChannelConfig config, PaymentRequirements offer) {
    return Terms.check(KEYS.voucher(offer, config, amount(1000)), offer, DOMAIN);
  }

  private static ChannelConfig config(
      Address authorizer, Address receiver, Address receiverAuthorizer, Address token, long delay) {
    return new ChannelConfig(
        ALICE.address(), authorizer, receiver, receiverAuthorizer, token, delay, Bytes32.ZERO);
  }

  private static PaymentRequirements offerWithDelay(long seconds) {
    return new PaymentRequirements(
        NETWORK,
        OFFER.amount(),
        OFFER.asset(),
        VAULT,
        300,
        Extra.of("USD Coin", "1", VAULT, seconds, amount(10_000)));
  }

  @Test
  void takesAChannelOfTheOffersTerms() {
    assertThat(check(CONFIG, OFFER)).isEmpty();
    assertThat(Terms.check(Wire.deposit().payload(), OFFER, DOMAIN)).isEmpty();
    assertThat(Terms.check(Wire.refund().payload(), OFFER, DOMAIN)).isEmpty();
  }

  @Test
  void refusesAnOfferOfAnotherChain() {
    var elsewhere = Deployment.CANONICAL.domain(Network.of(8453));
    assertThat(Terms.check(Wire.voucher().payload(), OFFER, elsewhere))
        .contains(X402Error.NETWORK_MISMATCH);
  }

  @Test
  void refusesAnIdThatIsNotTheConfigs() {
    var voucher =
        new SignedVoucher(
            new Voucher(millrace.protocol.channel.Samples.ID, amount(1000)),
            Wire.voucher().voucher().signature());
    assertThat(Terms.check(new VoucherPayload(CONFIG, voucher), OFFER, DOMAIN))
        .contains(X402Error.CHANNEL_ID_MISMATCH);
  }

  @Test
  void refusesOtherTermsInTheOrderOfTheProtocol() {
    var alice = ALICE.address();
    var token = OFFER.asset();
    assertThat(check(config(alice, OTHER, OTHER, OTHER, 901), OFFER))
        .contains(X402Error.RECEIVER_MISMATCH);
    assertThat(check(config(alice, VAULT, OTHER, OTHER, 901), OFFER))
        .contains(X402Error.RECEIVER_AUTHORIZER_MISMATCH);
    assertThat(check(config(alice, VAULT, VAULT, OTHER, 901), OFFER))
        .contains(X402Error.TOKEN_MISMATCH);
    assertThat(check(config(Address.ZERO, VAULT, VAULT, token, 901), OFFER))
        .contains(X402Error.WITHDRAW_DELAY_MISMATCH);
    assertThat(check(config(Address.ZERO, VAULT, VAULT, token, 900), OFFER))
        .contains(X402Error.VOUCHER_SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 899, 2_592_001})
  void refusesADelayThatTheContractRefuses(long seconds) {
    var config = config(ALICE.address(), VAULT, VAULT, OFFER.asset(), seconds);
    assertThat(check(config, offerWithDelay(seconds)))
        .contains(X402Error.WITHDRAW_DELAY_OUT_OF_RANGE);
  }

  @ParameterizedTest
  @ValueSource(longs = {900, 2_592_000})
  void takesTheLimitsOfTheDelay(long seconds) {
    var config = config(ALICE.address(), VAULT, VAULT, OFFER.asset(), seconds);
    assertThat(check(config, offerWithDelay(seconds))).isEmpty();
  }

  private static DepositPayload deposit(Amount amount) {
    return KEYS.deposit(OFFER, CONFIG, amount(1000), amount, SALT, NOW);
  }

  private static Optional<X402Error> checkDeposit(DepositPayload payload, long secondsFromNow) {
    return Terms.checkDeposit(payload, OFFER, COLLECTOR, NOW.plusSeconds(secondsFromNow));
  }

  private static DepositPayload with(Deposit deposit) {
    var good = deposit(amount(10_000));
    return new DepositPayload(good.channelConfig(), good.voucher(), deposit);
  }

  @Test
  void takesAnAuthorisationThatTheTokenWillHonour() {
    assertThat(checkDeposit(deposit(amount(10_000)), 0)).isEmpty();
  }

  @Test
  void refusesADepositThatIsTooSmall() {
    assertThat(checkDeposit(deposit(amount(9999)), 0))
        .contains(X402Error.DEPOSIT_BELOW_MIN_DEPOSIT);
    var extra = OFFER.extra();
    var noMinimum =
        new PaymentRequirements(
            NETWORK,
            OFFER.amount(),
            OFFER.asset(),
            VAULT,
            300,
            new Extra(
                extra.tokenName(),
                extra.tokenVersion(),
                VAULT,
                900,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                java.util.Map.of()));
    assertThat(Terms.checkDeposit(deposit(Amount.ZERO), noMinimum, COLLECTOR, NOW))
        .contains(X402Error.DEPOSIT_BELOW_MIN_DEPOSIT);
    assertThat(Terms.checkDeposit(deposit(amount(1)), noMinimum, COLLECTOR, NOW)).isEmpty();
  }

  @Test
  void refusesAnAuthorisationThatEndsTooSoon() {
    assertThat(checkDeposit(deposit(amount(10_000)), 294)).isEmpty();
    assertThat(checkDeposit(deposit(amount(10_000)), 295))
        .contains(X402Error.PAYLOAD_AUTHORIZATION_VALID_BEFORE);
  }

  @Test
  void refusesAnAuthorisationThatHasNotBegun() {
    var good = deposit(amount(10_000)).deposit();
    var later =
        with(
            new Deposit(
                good.amount(),
                BigInteger.valueOf(NOW.getEpochSecond()),
                good.validBeforeSeconds(),
                good.salt(),
                good.signature()));
    assertThat(checkDeposit(later, 0)).contains(X402Error.PAYLOAD_AUTHORIZATION_VALID_AFTER);
    assertThat(checkDeposit(later, 1)).contains(X402Error.RECEIVE_AUTHORIZATION_SIGNATURE);
  }

  @Test
  void refusesASignatureOfAnotherOrForSomethingElse() {
    var good = deposit(amount(10_000)).deposit();
    var mallorys =
        new PayerKeys(MALLORY, ALICE, Deployment.CANONICAL)
            .deposit(OFFER, CONFIG, amount(1000), amount(10_000), SALT, NOW)
            .deposit();
    assertThat(checkDeposit(with(mallorys), 0)).contains(X402Error.RECEIVE_AUTHORIZATION_SIGNATURE);
    var otherAmount = with(deposit(amount(10_001)).deposit());
    assertThat(checkDeposit(otherAmount, 0)).isEmpty();
    var more =
        with(
            new Deposit(
                amount(10_001),
                good.validAfterSeconds(),
                good.validBeforeSeconds(),
                good.salt(),
                good.signature()));
    assertThat(checkDeposit(more, 0)).contains(X402Error.RECEIVE_AUTHORIZATION_SIGNATURE);
    var otherSalt =
        with(
            new Deposit(
                good.amount(),
                good.validAfterSeconds(),
                good.validBeforeSeconds(),
                Bytes32.ZERO,
                good.signature()));
    assertThat(checkDeposit(otherSalt, 0)).contains(X402Error.RECEIVE_AUTHORIZATION_SIGNATURE);
    assertThat(Terms.checkDeposit(deposit(amount(10_000)), OFFER, OTHER, NOW))
        .contains(X402Error.RECEIVE_AUTHORIZATION_SIGNATURE);
  }

  @Test
  void refusesAnAuthorisationForAnotherChannel() {
    var other = KEYS.channelFor(OFFER, SALT);
    var there = KEYS.deposit(OFFER, other, amount(1000), amount(10_000), SALT, NOW);
    assertThat(checkDeposit(with(there.deposit()), 0))
        .contains(X402Error.RECEIVE_AUTHORIZATION_SIGNATURE);
  }
}
