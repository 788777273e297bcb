package millrace.channel;

import static millrace.channel.PaymentsIT.taken;
import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.EarnedView;
import millrace.messaging.command.FeeCommand;
import millrace.messaging.command.FeeView;
import millrace.messaging.command.LedgerView;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.channel.FeeTerms;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

final class FeesIT {
  private static final FeeTerms TERMS = new FeeTerms(Amount.of(5), 250);

  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();
  private final TestChannel channel = hub.open(10_000);

  @Test
  void theHubKeepsItsFeeAndTheMerchantHasTheRest() {
    var before = fees();
    charge(TERMS);
    hub.charge(request(channel, merchant, 1_000, 1_000));

    assertThat(available()).isEqualTo(Amount.of(970));
    assertThat(fees().subtract(before)).isEqualTo(BigInteger.valueOf(30));
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(1_000));
    var accepted = accepted();
    assertThat(accepted.amount()).isEqualTo(Amount.of(1_000));
    assertThat(accepted.fee()).contains(Amount.of(30));
    assertThat(earned()).isEqualTo(Amount.of(970));
    balances();
  }

  @Test
  void aFeeIsNeverMoreThanThePayment() {
    charge(TERMS);
    hub.charge(request(channel, merchant, 3, 3));
    assertThat(available()).isEqualTo(Amount.ZERO);
    assertThat(accepted().fee()).contains(Amount.of(3));
    balances();
  }

  @Test
  void ofAReservationTheFeeIsOfWhatIsCaptured() {
    charge(TERMS);
    var request = request(channel, merchant, 1_000, 1_000);
    hub.reserve(request, Instant.now().plusSeconds(60));
    hub.capture(request, 200);
    assertThat(available()).isEqualTo(Amount.of(190));
    balances();
  }

  @Test
  void ofAHoldTheFeeIsOfWhatIsCapturedAndCreditPaysItToo() {
    charge(TERMS);
    var request = request(channel, merchant, 1_000, 1_000);
    hub.hold(request, Instant.now().plusSeconds(60));
    hub.endHold(request, 400);
    assertThat(available()).isEqualTo(Amount.of(385));

    var next = taken(hub.charge(request(channel, merchant, 1_200, 200)));
    assertThat(next.chargedAnew()).isEqualTo(Amount.of(1));
    assertThat(available()).isEqualTo(Amount.of(385 + 190));
    balances();
  }

  @Test
  void otherReplicasHearOfAChangeAndThePastStaysAsItWas() {
    hub.charge(request(channel, merchant, 100, 100));
    charge(TERMS);
    assertThat(fee()).isEqualTo(TERMS);
    var paid = new long[] {100};
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              paid[0] += 100;
              hub.pay(1, new Charge(request(channel, merchant, paid[0], 100)));
              return accepted().fee().equals(Optional.of(Amount.of(7)));
            });
    charge(FeeTerms.NONE);
    assertThat(fee()).isEqualTo(FeeTerms.NONE);
    balances();
  }

  @Test
  void theDatabaseRefusesAFeeAboveTheAmount() {
    var request = request(channel, merchant, 100, 100);
    hub.charge(request);
    assertThatThrownBy(
            () ->
                hub.sql()
                    .sql("UPDATE payment SET fee = amount + 1 WHERE id = ?")
                    .param(request.id().value())
                    .update())
        .isInstanceOf(DataAccessException.class);
  }

  private void charge(FeeTerms terms) {
    var set = hub.post("/internal/fees", new FeeCommand(merchant, terms), FeeView.class);
    assertThat(set.terms()).isEqualTo(terms);
  }

  private FeeTerms fee() {
    return hub.get("/internal/merchants/" + merchant + "/fee", FeeView.class).terms();
  }

  private PaymentAccepted accepted() {
    return PublishedEvents.payments(hub, channel.id()).getLast();
  }

  private Amount earned() {
    return hub.get("/internal/earnings?merchants=" + merchant, EarnedView[].class)[0].total();
  }

  private BigInteger fees() {
    return hub.get("/internal/ledger", LedgerView.class).fees();
  }

  private Amount available() {
    return hub.get("/internal/merchants/" + merchant + "/balances", BalanceView[].class)[0]
        .available();
  }

  private void balances() {
    assertThat(hub.ledger().summary().balances()).isTrue();
    assertThat(hub.ledger().accountsOff()).isZero();
  }
}
