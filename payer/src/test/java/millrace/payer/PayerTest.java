package millrace.payer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentIdentifier;
import millrace.protocol.x402.PaymentPayload;
import org.junit.jupiter.api.Test;

class PayerTest {
  private static final URI URL = URI.create("http://hub/x");
  private static final HttpRequest REQUEST = HttpRequest.newBuilder(URL).build();
  private static final SpendLimits LIMITS = SpendLimits.of(Amount.of(5000), Amount.of(50_000));
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private final FakeHub hub = new FakeHub();
  private final FakeChain chain = new FakeChain(hub);
  private final MemoryStore store = new MemoryStore();

  @Test
  void theFirstPaymentBringsADepositAndLaterOnesAreOnlyVouchers() throws Exception {
    var payer = payer(LIMITS).chain(chain).build();

    var first = paid(payer.fetch(REQUEST));
    var second = paid(payer.fetch(REQUEST));

    assertThat(hub.received.get(0).payload()).isInstanceOf(DepositPayload.class);
    assertThat(hub.received.get(1).payload()).isInstanceOf(VoucherPayload.class);
    assertThat(first.deposited()).contains(Amount.of(10_000));
    assertThat(second.chargedCumulative()).isEqualTo(Amount.of(2000));
    assertThat(second.deposited()).isEmpty();
  }

  @Test
  void aChannelThatIsSpentIsToppedUpByTheNextPayment() throws Exception {
    var payer = payer(LIMITS).chain(chain).build();
    for (int i = 0; i < 10; i++) paid(payer.fetch(REQUEST));

    var eleventh = paid(payer.fetch(REQUEST));

    assertThat(eleventh.deposited()).contains(Amount.of(10_000));
    assertThat(hub.balance).isEqualTo(Amount.of(20_000));
  }

  @Test
  void aTopUpGoesWithAPayment() throws Exception {
    var payer = payer(LIMITS).chain(chain).build();
    paid(payer.fetch(REQUEST));

    assertThat(paid(payer.topUp(REQUEST, Amount.of(12_345))).deposited())
        .contains(Amount.of(12_345));
    assertThat(onlyChannel(payer).balance()).isEqualTo(Amount.of(22_345));
  }

  @Test
  void whatIsFreeIsNotPaid() throws Exception {
    Http free = request -> FakeHub.reply(200, Map.of(), "for nothing");
    assertThat(payer(LIMITS).http(free).build().fetch(REQUEST)).isInstanceOf(Outcome.Free.class);
  }

  @Test
  void aCorrectionOnOtherTermsIsARefusal() throws Exception {
    var dearer =
        new FakeHub() {
          @Override
          Answer answer(PaymentPayload paid) {
            price = price.plus(Amount.of(1));
            return corrective(state(paid.voucher()), null);
          }
        };
    store.save(fundedChannel());
    assertThat(payer(LIMITS).http(dearer).build().fetch(REQUEST))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(dearer.received).hasSize(1);
  }

  @Test
  void aLostAnswerIsAskedForAgainWithTheSamePayment() throws Exception {
    var flaky = new Flaky(hub);
    var payer = payer(LIMITS).http(flaky).chain(chain).build();
    paid(payer.fetch(REQUEST));
    flaky.losePaidAnswers = 1;

    // This hub has no memory for identifiers, so its answer to the copy is a correction.
    assertThat(payer.fetch(REQUEST)).isInstanceOf(Outcome.Refused.class);

    assertThat(hub.received.get(2)).isEqualTo(hub.received.get(1));
    assertThat(onlyChannel(payer).charged()).isEqualTo(Amount.of(2000));
    paid(payer.fetch(REQUEST));
    assertThat(hub.charged).isEqualTo(Amount.of(3000));
  }

  @Test
  void aPaymentWithoutAnyAnswerIsRememberedAsUnresolved() throws Exception {
    var flaky = new Flaky(hub);
    var payer = payer(LIMITS).http(flaky).chain(chain).resends(0, Duration.ZERO).build();
    paid(payer.fetch(REQUEST));
    flaky.losePaidAnswers = 1;

    assertThat(payer.fetch(REQUEST)).isInstanceOf(Outcome.Unanswered.class);
    assertThat(onlyChannel(payer).unresolved()).isEqualTo(Amount.of(2000));
    assertThat(onlyChannel(payer).charged()).isEqualTo(Amount.of(1000));

    assertThat(paid(payer.fetch(REQUEST)).chargedCumulative()).isEqualTo(Amount.of(3000));
  }

  @Test
  void theIdentifierOfTheCallerIsSentWhenTheHubOffersToHearOne() throws Exception {
    var payer = payer(LIMITS).chain(chain).build();
    var name = new PaymentIdentifier("my-own-name-for-it");
    assertThat(payer.fetch(REQUEST, name)).isInstanceOf(Outcome.Paid.class);
    assertThat(hub.received.getLast().extensions().id()).contains(name);
  }

  @Test
  void everythingSignedIsStoredBeforeItLeaves() throws Exception {
    Http watching =
        request -> {
          request
              .headers()
              .firstValue("PAYMENT-SIGNATURE")
              .flatMap(header -> Optional.of(read(header)))
              .ifPresent(
                  payment -> {
                    var stored = store.load(payment.voucher().voucher().channelId()).orElseThrow();
                    assertThat(stored.signed()).isEqualTo(payment.voucher().voucher().ceiling());
                    if (payment.payload() instanceof DepositPayload deposit) {
                      assertThat(stored.deposit()).contains(deposit.deposit());
                    }
                  });
          return hub.send(request);
        };
    var payer = payer(LIMITS).http(watching).chain(chain).build();
    for (int i = 0; i < 12; i++) paid(payer.fetch(REQUEST));
  }

  @Test
  void aPayerThatForgotEverythingFindsItsChannelAgain() throws Exception {
    var before = payer(LIMITS).chain(chain).build();
    for (int i = 0; i < 3; i++) paid(before.fetch(REQUEST));

    var after = payer(LIMITS).store(new MemoryStore()).chain(chain).build();
    var receipt = paid(after.fetch(REQUEST));

    assertThat(receipt.chargedCumulative()).isEqualTo(Amount.of(4000));
    assertThat(receipt.deposited()).isEmpty();
  }

  @Test
  void itFindsItsChannelWithoutAChainAsWell() throws Exception {
    var before = payer(LIMITS).build();
    for (int i = 0; i < 3; i++) paid(before.fetch(REQUEST));

    var after = payer(LIMITS).store(new MemoryStore()).build();

    assertThat(after.recover(URL))
        .asInstanceOf(type(Recovery.Recovered.class))
        .satisfies(found -> assertThat(found.channel().charged()).isEqualTo(Amount.of(3000)));
    assertThat(paid(after.fetch(REQUEST)).deposited()).isEmpty();
  }

  @Test
  void toAskWhereAChannelStandsSignsNothingNew() throws Exception {
    var before = payer(LIMITS).build();
    paid(before.fetch(REQUEST));
    hub.received.clear();

    assertThat(payer(LIMITS).store(new MemoryStore()).build().recover(URL))
        .isInstanceOf(Recovery.Recovered.class);
    assertThat(hub.received).hasSize(1);
    assertThat(hub.received.getFirst().voucher().voucher().ceiling()).isEqualTo(Amount.ZERO);
  }

  @Test
  void aPartOrAllOfTheRestComesBack() throws Exception {
    var payer = payer(LIMITS).build();
    paid(payer.fetch(REQUEST));

    assertThat(payer.refund(URL, Optional.of(Amount.of(4000))))
        .isInstanceOfSatisfying(
            RefundResult.Refunded.class,
            refunded -> assertThat(refunded.amount()).isEqualTo(Amount.of(4000)));
    assertThat(onlyChannel(payer).balance()).isEqualTo(Amount.of(6000));
    assertThat(payer.refund(URL, Optional.empty()))
        .isInstanceOfSatisfying(
            RefundResult.Refunded.class,
            refunded -> assertThat(refunded.amount()).isEqualTo(Amount.of(5000)));
    assertThat(payer.refund(URL, Optional.empty()))
        .isInstanceOfSatisfying(
            RefundResult.Declined.class,
            declined -> assertThat(declined.objection()).isEqualTo(Objection.NOTHING_LEFT));
    assertThat(paid(payer.fetch(REQUEST)).chargedCumulative()).isEqualTo(Amount.of(2000));
  }

  @Test
  void aPayerThatLeavesPaysNoMore() throws Exception {
    var payer = payer(LIMITS).chain(chain).build();
    paid(payer.fetch(REQUEST));
    var id = onlyChannel(payer).id();

    assertThat(payer.initiateWithdraw(id, Optional.empty()))
        .isInstanceOfSatisfying(
            Withdrawal.Initiated.class,
            initiated -> assertThat(initiated.amount()).isEqualTo(Amount.of(9000)));
    assertDeclined(payer, Objection.WITHDRAWING);
    assertThat(payer.finalizeWithdraw(id))
        .isInstanceOfSatisfying(
            Withdrawal.Finalized.class,
            left -> assertThat(left.amount()).isEqualTo(Amount.of(9000)));
    assertThat(hub.balance).isEqualTo(Amount.of(1000));
  }

  @Test
  void toLeaveNeedsAChain() throws Exception {
    var payer = payer(LIMITS).build();
    paid(payer.fetch(REQUEST));
    assertThat(payer.initiateWithdraw(onlyChannel(payer).id(), Optional.empty()))
        .isEqualTo(new Withdrawal.Declined(Objection.CHAIN_UNKNOWN));
  }

  @Test
  void anUnansweredDepositIsSentAgainAndNotSignedAgain() throws Exception {
    var flaky = new Flaky(hub);
    flaky.loseBeforeHub = 1;
    var payer = payer(LIMITS).http(flaky).resends(0, Duration.ZERO).build();
    store.save(unusedChannel());
    assertThat(payer.fetch(REQUEST)).isInstanceOf(Outcome.Unanswered.class);
    var authorised = onlyChannel(payer).deposit().orElseThrow();

    paid(payer.fetch(REQUEST));

    assertThat(hub.received.getLast().payload())
        .isInstanceOfSatisfying(
            DepositPayload.class, sent -> assertThat(sent.deposit()).isEqualTo(authorised));
    assertThat(onlyChannel(payer).deposit()).isEmpty();
  }

  @Test
  void aDepositThatTheHubConfirmsAndTheChainDoesNotShowIsStillUnderWay() throws Exception {
    var boaster =
        new FakeHub() {
          @Override
          Answer answer(PaymentPayload paid) {
            charged = paid.voucher().voucher().ceiling();
            return receipt(state(paid.voucher()), price, Optional.of(minDeposit));
          }
        };
    var payer = payer(LIMITS).http(boaster).chain(new FakeChain(boaster)).build();

    assertThat(paid(payer.fetch(REQUEST)).deposited()).isEmpty();

    var channel = onlyChannel(payer);
    assertThat(channel.balance()).isEqualTo(Amount.ZERO);
    assertThat(channel.deposit()).isPresent();
  }

  @Test
  void afterItExpiredUnansweredOnlyTheChainTellsWhetherToSignAnother() throws Exception {
    var flaky = new Flaky(hub);
    flaky.loseBeforeHub = 1;
    store.save(unusedChannel());
    assertThat(payer(LIMITS).http(flaky).resends(0, Duration.ZERO).build().fetch(REQUEST))
        .isInstanceOf(Outcome.Unanswered.class);

    var later = Clock.fixed(NOW.plusSeconds(1000), ZoneOffset.UTC);
    assertDeclined(payer(LIMITS).clock(later).build(), Objection.DEPOSIT_IN_DOUBT);
    var asking = payer(LIMITS).clock(later).chain(chain).build();
    assertThat(paid(asking.fetch(REQUEST)).deposited()).isPresent();
  }

  @Test
  void withoutTheChainThatItWasGivenItDoesNotBegin() throws Exception {
    chain.down = true;
    assertThat(payer(LIMITS).chain(chain).build().fetch(REQUEST))
        .isInstanceOf(Outcome.Unanswered.class);
    assertThat(hub.received).isEmpty();
  }

  private PayerChannel fundedChannel() {
    var unused = unusedChannel();
    return PayerChannel.unknown(
        unused.id(), unused.network(), unused.config(), Amount.ZERO, Amount.of(10_000));
  }

  private PayerChannel unusedChannel() {
    var keys = PayerKeys.of(FakeHub.ALICE);
    var config = keys.channelFor(hub.offer(), Bytes32.ZERO);
    var id = keys.deployment().domain(FakeHub.NETWORK).channelId(config);
    return PayerChannel.unknown(id, FakeHub.NETWORK, config, Amount.ZERO, Amount.ZERO);
  }

  private Payer.Builder payer(SpendLimits limits) {
    return Payer.with(FakeHub.ALICE, limits)
        .http(hub)
        .store(store)
        .resends(2, Duration.ZERO)
        .clock(Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static PayerChannel onlyChannel(Payer payer) {
    assertThat(payer.channels()).hasSize(1);
    return payer.channels().getFirst();
  }

  private static Receipt paid(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Paid.class);
    return ((Outcome.Paid) outcome).receipt();
  }

  private void assertDeclined(Payer payer, Objection objection) throws Exception {
    hub.received.clear();
    assertThat(payer.fetch(REQUEST))
        .isInstanceOfSatisfying(
            Outcome.Declined.class,
            declined -> assertThat(declined.objection()).isEqualTo(objection));
    assertThat(hub.received).allMatch(sent -> sent.voucher().voucher().ceiling().isZero());
  }

  private static PaymentPayload read(String header) {
    return switch (PaymentPayload.ofHeader(header)) {
      case Parsed.Ok<PaymentPayload>(var payment) -> payment;
      case Parsed.Malformed<PaymentPayload> malformed -> throw new AssertionError(malformed);
    };
  }

  /// A network that loses requests on the way there, or answers on the way back.
  private static final class Flaky implements Http {
    private final Http behind;
    int losePaidAnswers;
    int loseBeforeHub;

    Flaky(Http behind) {
      this.behind = behind;
    }

    @Override
    public Answer send(HttpRequest request) throws IOException, InterruptedException {
      boolean paid = request.headers().firstValue("PAYMENT-SIGNATURE").isPresent();
      if (paid && loseBeforeHub-- > 0) throw new IOException("lost on the way there");
      var answer = behind.send(request);
      if (paid && losePaidAnswers-- > 0) throw new IOException("lost on the way back");
      return answer;
    }
  }
}
