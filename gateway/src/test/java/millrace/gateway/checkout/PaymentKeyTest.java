package millrace.gateway.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import millrace.gateway.offer.Offers;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.x402.Deployment;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentIdentifier;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.Resource;
import millrace.testkit.Persona;
import org.junit.jupiter.api.Test;

class PaymentKeyTest {
  private static final Address VAULT = Address.of("0x" + "a".repeat(40));
  private static final HubTerms TERMS =
      new HubTerms(
          BigInteger.valueOf(31337),
          Deployment.CANONICAL.channels(),
          Deployment.CANONICAL.depositCollector(),
          VAULT,
          new HubTerms.Token(Address.of("0x" + "b".repeat(40)), "USD Coin", "1", 6, "USDC"),
          900,
          Amount.of(10_000));
  private static final MerchantId SHOP = new MerchantId("mer_" + "0".repeat(26));
  private static final MerchantId OTHER = new MerchantId("mer_" + "1".repeat(26));
  private static final Amount PRICE = Amount.of(10);

  @Test
  void theSameVoucherForTheSameRequestIsTheSamePayment() {
    assertThat(key(Persona.ALICE, 10, Optional.empty(), SHOP, "GET /a"))
        .isEqualTo(key(Persona.ALICE, 10, Optional.empty(), SHOP, "GET /a"));
  }

  @Test
  void anotherVoucherRequestOrMerchantIsAnotherPayment() {
    var key = key(Persona.ALICE, 10, Optional.empty(), SHOP, "GET /a").key();
    assertThat(key(Persona.ALICE, 20, Optional.empty(), SHOP, "GET /a").key()).isNotEqualTo(key);
    assertThat(key(Persona.ALICE, 10, Optional.empty(), SHOP, "GET /b").key()).isNotEqualTo(key);
    assertThat(key(Persona.ALICE, 10, Optional.empty(), OTHER, "GET /a").key()).isNotEqualTo(key);
    assertThat(key(Persona.BOB, 10, Optional.empty(), SHOP, "GET /a").key()).isNotEqualTo(key);
  }

  @Test
  void aNameOutlivesTheVoucherButNotTheRequest() {
    var id = Optional.of("order-0123456789");
    var first = key(Persona.ALICE, 10, id, SHOP, "GET /a");
    assertThat(key(Persona.ALICE, 20, id, SHOP, "GET /a")).isEqualTo(first);
    var other = key(Persona.ALICE, 10, id, SHOP, "GET /b");
    assertThat(other.key()).isEqualTo(first.key());
    assertThat(other.fingerprint()).isNotEqualTo(first.fingerprint());
  }

  @Test
  void aPayerCannotTakeAnothersName() {
    var id = Optional.of("order-0123456789");
    assertThat(key(Persona.BOB, 10, id, SHOP, "GET /a").key())
        .isNotEqualTo(key(Persona.ALICE, 10, id, SHOP, "GET /a").key());
  }

  @Test
  void aPayerCannotTakeAMerchantsName() {
    var name = "order-0123456789";
    var payment = payment(Persona.ALICE, 10, Optional.of(name));
    var merchants = PaymentKey.ofMerchant(name, payment, PRICE, bytes("x"));
    assertThat(PaymentKey.ofPayer(payment, SHOP, PRICE, bytes("x")).key())
        .isNotEqualTo(merchants.key());
  }

  private static PaymentKey key(
      Persona who, long ceiling, Optional<String> id, MerchantId merchant, String request) {
    return PaymentKey.ofPayer(payment(who, ceiling, id), merchant, PRICE, bytes(request));
  }

  private static PaymentPayload payment(Persona who, long ceiling, Optional<String> id) {
    var offer =
        new Offers(TERMS, 300, Clock.systemUTC())
            .of(PRICE, new Resource("https://shop.example", "", ""))
            .requirements();
    var keys = PayerKeys.of(who.key());
    var voucher = keys.voucher(offer, keys.channelFor(offer, Bytes32.ZERO), Amount.of(ceiling));
    var extensions =
        id.map(PaymentIdentifier::new).map(Extensions.OFFER::identifiedBy).orElse(Extensions.NONE);
    return new PaymentPayload(offer, voucher, Optional.empty(), extensions);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
