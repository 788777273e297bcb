package millrace.payer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Extra;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.PaymentRequirements;
import org.junit.jupiter.api.Test;

/// What a payer refuses to sign, whatever a server asks.
class SpendLimitsTest {
  private static final URI URL = URI.create("http://hub/x");
  private static final HttpRequest REQUEST = HttpRequest.newBuilder(URL).build();
  private static final SpendLimits LIMITS = SpendLimits.of(Amount.of(5000), Amount.of(50_000));

  private final FakeHub hub = new FakeHub();
  private final FakeChain chain = new FakeChain(hub);

  @Test
  void aPriceAboveTheLimitIsNotPaid() throws Exception {
    hub.price = Amount.of(5001);
    assertDeclined(payer(LIMITS).build(), Objection.PRICE);
  }

  @Test
  void aDepositAboveTheLimitIsNotSigned() throws Exception {
    hub.minDeposit = Amount.of(50_001);
    assertDeclined(payer(LIMITS).chain(chain).build(), Objection.DEPOSIT);
  }

  @Test
  void aTopUpAboveTheLimitIsNotSigned() throws Exception {
    var payer = payer(LIMITS).chain(chain).build();
    assertThat(payer.fetch(REQUEST)).isInstanceOf(Outcome.Paid.class);
    assertThat(payer.topUp(REQUEST, Amount.of(45_000)))
        .isInstanceOfSatisfying(
            Outcome.Declined.class,
            declined -> assertThat(declined.objection()).isEqualTo(Objection.DEPOSIT));
  }

  @Test
  void onlyAllowedNetworksAssetsAndHubsArePaid() throws Exception {
    var other = Address.of("0x00000000000000000000000000000000000000cc");
    assertDeclined(payer(LIMITS.onlyOn(Set.of(Network.of(1)))).build(), Objection.NETWORK);
    assertDeclined(payer(LIMITS.onlyIn(Set.of(other))).build(), Objection.ASSET);
    assertDeclined(payer(LIMITS.onlyTo(Set.of(other))).build(), Objection.HUB);
  }

  @Test
  void aLongWithdrawDelayIsDeclined() throws Exception {
    var limits =
        new SpendLimits(
            Amount.of(5000),
            Amount.of(50_000),
            Set.of(),
            Set.of(),
            Set.of(),
            Duration.ofSeconds(899),
            Duration.ofHours(1));
    assertDeclined(payer(limits).build(), Objection.WITHDRAW_DELAY);
  }

  @Test
  void anAuthorizationThatLivesTooLongIsDeclined() throws Exception {
    var limits =
        new SpendLimits(
            Amount.of(5000),
            Amount.of(50_000),
            Set.of(),
            Set.of(),
            Set.of(),
            Duration.ofDays(1),
            Duration.ofSeconds(299));
    assertDeclined(payer(limits).build(), Objection.AUTHORIZATION_TOO_LONG);
  }

  @Test
  void termsUnderWhichNobodyCouldRefundAreDeclined() throws Exception {
    var nobody =
        new FakeHub() {
          @Override
          PaymentRequirements offer() {
            var extra = Extra.of("USD Coin", "1", Address.ZERO, 900, minDeposit);
            return new PaymentRequirements(NETWORK, price, TOKEN, VAULT, 300, extra);
          }
        };
    assertThat(payer(LIMITS).http(nobody).build().fetch(REQUEST))
        .isInstanceOfSatisfying(
            Outcome.Declined.class,
            declined -> assertThat(declined.objection()).isEqualTo(Objection.NO_AUTHORIZER));
  }

  @Test
  void withoutASaidMinimumItDepositsFivePricesButNoMoreThanTheLimit() throws Exception {
    var silent =
        new FakeHub() {
          @Override
          PaymentRequirements offer() {
            var plain = super.offer().extra();
            var extra =
                new Extra(
                    plain.tokenName(),
                    plain.tokenVersion(),
                    plain.receiverAuthorizer(),
                    plain.withdrawDelaySeconds(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());
            return new PaymentRequirements(NETWORK, price, TOKEN, VAULT, 300, extra);
          }
        };
    var tight = SpendLimits.of(Amount.of(5000), Amount.of(3000));
    assertThat(paid(payer(LIMITS).store(new MemoryStore()).http(silent).build().fetch(REQUEST)))
        .satisfies(receipt -> assertThat(receipt.deposited()).contains(Amount.of(5000)));
    silent.known = false;
    silent.charged = Amount.ZERO;
    silent.balance = Amount.ZERO;
    assertThat(paid(payer(tight).store(new MemoryStore()).http(silent).build().fetch(REQUEST)))
        .satisfies(receipt -> assertThat(receipt.deposited()).contains(Amount.of(3000)));
  }

  private Payer.Builder payer(SpendLimits limits) {
    return Payer.with(FakeHub.ALICE, limits).http(hub);
  }

  private static Receipt paid(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Paid.class);
    return ((Outcome.Paid) outcome).receipt();
  }

  private void assertDeclined(Payer payer, Objection objection) throws Exception {
    assertThat(payer.fetch(REQUEST))
        .isInstanceOfSatisfying(
            Outcome.Declined.class,
            declined -> assertThat(declined.objection()).isEqualTo(objection));
    assertThat(hub.received).allMatch(sent -> sent.voucher().voucher().ceiling().isZero());
  }
}
