package millrace.gateway.offer;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.ChannelPayload;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;
import millrace.protocol.x402.Deployment;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.Resource;
import millrace.protocol.x402.X402Error;
import millrace.testkit.Persona;
import org.junit.jupiter.api.Test;

class OffersTest {
  private static final Address VAULT = Address.of("0x" + "a".repeat(40));
  private static final Address OTHER = Address.of("0x" + "c".repeat(40));
  private static final HubTerms TERMS =
      new HubTerms(
          BigInteger.valueOf(31337),
          Deployment.CANONICAL.channels(),
          Deployment.CANONICAL.depositCollector(),
          VAULT,
          new HubTerms.Token(Address.of("0x" + "b".repeat(40)), "USD Coin", "1", 6, "USDC"),
          900,
          Amount.of(10_000));
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Resource RESOURCE = new Resource("https://shop.example/1", "", "");

  private final Offers offers = new Offers(TERMS, 300, Clock.fixed(NOW, ZoneOffset.UTC));
  private final Offer offer = offers.of(Amount.of(1_000), RESOURCE);
  private final PayerKeys alice = PayerKeys.of(Persona.ALICE.key());
  private final ChannelConfig channel = alice.channelFor(offer.requirements(), Bytes32.ZERO);

  @Test
  void anOfferIsMadeOfTheHubsTermsAndCanBeMadeAgain() {
    var requirements = offer.requirements();
    assertThat(requirements.payTo()).isEqualTo(VAULT);
    assertThat(requirements.extra().receiverAuthorizer()).isEqualTo(VAULT);
    assertThat(requirements.network()).hasToString("eip155:31337");
    assertThat(requirements.extra().minDeposit()).contains(Amount.of(10_000));
    assertThat(offers.of(Amount.of(1_000), RESOURCE)).isEqualTo(offer);
  }

  @Test
  void aDepositIsWorthAFewPayments() {
    assertThat(offers.of(Amount.of(1_000_000), RESOURCE).requirements().extra().minDeposit())
        .contains(Amount.of(5_000_000));
    assertThat(offers.of(Offers.MAX_PRICE, RESOURCE).requirements().extra().minDeposit())
        .contains(Offers.MAX_PRICE.times(5));
  }

  @Test
  void aVoucherForTheOfferIsNotObjectedTo() {
    assertThat(objection(alice.voucher(offer.requirements(), channel, Amount.of(1_000)))).isEmpty();
  }

  @Test
  void eachWrongTermHasItsOwnWord() {
    assertThat(objection(signed(OTHER, VAULT, TERMS.token().address(), 900)))
        .contains(X402Error.RECEIVER_MISMATCH);
    assertThat(objection(signed(VAULT, OTHER, TERMS.token().address(), 900)))
        .contains(X402Error.RECEIVER_AUTHORIZER_MISMATCH);
    assertThat(objection(signed(VAULT, VAULT, OTHER, 900))).contains(X402Error.TOKEN_MISMATCH);
    assertThat(objection(signed(VAULT, VAULT, TERMS.token().address(), 901)))
        .contains(X402Error.WITHDRAW_DELAY_MISMATCH);
    var voucher = alice.voucher(offer.requirements(), channel, Amount.of(1_000)).voucher();
    var other =
        config(VAULT, VAULT, TERMS.token().address(), 900, Bytes32.of("0x" + "1".repeat(64)));
    assertThat(objection(new VoucherPayload(other, voucher)))
        .contains(X402Error.CHANNEL_ID_MISMATCH);
  }

  @Test
  void anEchoOfAnotherPriceMatchesNothing() {
    var cheaper = offers.of(Amount.of(999), RESOURCE).requirements();
    var payload = alice.voucher(cheaper, channel, Amount.of(999));
    var payment = new PaymentPayload(cheaper, payload, Optional.empty(), Extensions.NONE);
    assertThat(offers.objection(payment, offer)).contains(X402Error.NO_MATCHING_REQUIREMENTS);
  }

  @Test
  void aDepositIsCheckedAgainstTheClock() {
    var deposit =
        alice.deposit(
            offer.requirements(), channel, Amount.of(1_000), Amount.of(10_000), Bytes32.ZERO, NOW);
    assertThat(objection(deposit)).isEmpty();
    var late =
        alice.deposit(
            offer.requirements(),
            channel,
            Amount.of(1_000),
            Amount.of(10_000),
            Bytes32.ZERO,
            NOW.minusSeconds(296));
    assertThat(objection(late)).contains(X402Error.PAYLOAD_AUTHORIZATION_VALID_BEFORE);
  }

  private Optional<X402Error> objection(ChannelPayload payload) {
    return offers.objection(
        new PaymentPayload(offer.requirements(), payload, Optional.empty(), Extensions.NONE),
        offer);
  }

  private VoucherPayload signed(Address receiver, Address authorizer, Address token, long delay) {
    return alice.voucher(
        offer.requirements(),
        config(receiver, authorizer, token, delay, Bytes32.ZERO),
        Amount.of(1_000));
  }

  private ChannelConfig config(
      Address receiver, Address authorizer, Address token, long delay, Bytes32 salt) {
    return new ChannelConfig(
        channel.payer(), channel.payerAuthorizer(), receiver, authorizer, token, delay, salt);
  }
}
