package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static millrace.channel.TestHub.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import millrace.messaging.command.RefundOutcome.Confirmed;
import millrace.messaging.command.RefundOutcome.Failed;
import millrace.messaging.command.RefundOutcome.Pending;
import millrace.messaging.command.RefundOutcome.Refused;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChainEvent;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.protocol.type.Amount;
import millrace.protocol.type.RefundId;
import millrace.testkit.Persona;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

final class RefundsIT {
  private final TestHub hub = TestHub.shared();
  private final TestChannel channel = hub.open(1_000);

  @Test
  void setsTheMoneyAsideFirstAndLetsItGoWhenItHasLeft() {
    pay(300, 300);

    var id = ((Pending) refund(300, Optional.empty())).id();

    assertThat(PaymentsIT.reason(hub.charge(request(channel, merchant(), 301, 1))))
        .isEqualTo(RefusalReason.EXCEEDS_BALANCE);
    confirm(id, 700, 300);
    var confirmed = (Confirmed) refund(300, Optional.empty());
    assertThat(confirmed.amount()).isEqualTo(Amount.of(700));
    assertThat(confirmed.channel().balance()).isEqualTo(Amount.of(300));
    confirm(id, 700, 300);
    assertThat(reserved()).isZero();
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  @Test
  void givesTheMoneyBackToTheChannelWhenItFails() {
    pay(300, 300);
    var id = ((Pending) refund(300, Optional.of(Amount.of(200)))).id();

    hub.report(new RefundFailed(id, channel.id(), Amount.of(200), "reverted"));
    hub.report(new RefundFailed(id, channel.id(), Amount.of(200), "reverted"));

    assertThat(refund(300, Optional.of(Amount.of(200)))).isEqualTo(new Failed(id, "reverted"));
    assertThat(hub.charge(request(channel, merchant(), 1_000, 700))).isInstanceOf(Taken.class);
  }

  @Test
  void aRepeatedConfirmationDoesNotLetGoOfTheNextRefund() {
    pay(300, 300);
    var first = ((Pending) refund(300, Optional.of(Amount.of(100)))).id();
    confirm(first, 100, 900);
    refund(300, Optional.of(Amount.of(150)));

    confirm(first, 100, 900);

    assertThat(reserved()).isEqualTo(150);
  }

  @Test
  void answersAnEqualRequestWithTheRefundUnderWayAndRefusesAnother() {
    pay(300, 300);
    var pending = refund(300, Optional.empty());

    assertThat(refund(300, Optional.empty())).isEqualTo(pending);
    assertThat(((Refused) refund(300, Optional.of(Amount.of(10)))).reason())
        .isIn(RefusalReason.REFUND_TOO_SOON, RefusalReason.REFUND_NO_BALANCE);
  }

  @Test
  void endsAReservationThatNobodyCapturedInTime() {
    pay(300, 300);
    var request = request(channel, merchant(), 400, 100);
    hub.reserve(request, Instant.now().minusSeconds(1));

    assertThat(refund(300, Optional.empty())).isInstanceOf(Pending.class);
    assertThat(PaymentsIT.reason(hub.capture(request, 100)))
        .isEqualTo(RefusalReason.NO_RESERVATION);
  }

  @Test
  void isANewRefundWhenMoneyHasComeSince() {
    pay(300, 300);
    var first = ((Pending) refund(300, Optional.empty())).id();
    confirm(first, 700, 300);
    hub.report(new ChainEvent.ChannelStateSeen(channel.id(), state(40, 900, 300)));

    assertThat(((Pending) refund(300, Optional.empty())).id()).isNotEqualTo(first);
  }

  @Test
  void correctsAPayerThatLostItsStateButTellsAStrangerNothing() {
    pay(300, 300);

    var corrected = (Refused) refund(200, Optional.empty());
    var stranger =
        (Refused)
            hub.post(
                "/internal/refunds",
                new RefundCommand(
                    channel.config(),
                    channel.voucher(300, Persona.MALLORY.key()),
                    Optional.empty()),
                RefundOutcome.class);

    assertThat(corrected.reason()).isEqualTo(RefusalReason.CUMULATIVE_MISMATCH);
    assertThat(corrected.newest()).isPresent();
    assertThat(stranger)
        .isEqualTo(
            new Refused(RefusalReason.VOUCHER_SIGNATURE, Optional.empty(), Optional.empty()));
  }

  @Test
  void refusesWhileTheChannelIsInUseAndMoreThanOneADay() {
    var policy =
        Map.<String, Object>of(
            "millrace.channel.refund.idle", "60s", "millrace.channel.refund.interval", "24h");
    try (var own = TestHub.start(TestPostgres.freshDatabase(), 1, policy).deaf()) {
      own.headSeen(Instant.now().plusSeconds(600));
      var busy = own.open(1_000);
      own.charge(request(busy, merchant(), 100, 100));
      var command = new RefundCommand(busy.config(), busy.voucher(100), Optional.empty());

      var refused = (Refused) own.post("/internal/refunds", command, RefundOutcome.class);

      assertThat(refused.reason()).isEqualTo(RefusalReason.REFUND_TOO_SOON);
    }
  }

  private void pay(long ceiling, long price) {
    assertThat(hub.charge(request(channel, merchant(), ceiling, price))).isInstanceOf(Taken.class);
  }

  private RefundOutcome refund(long ceiling, Optional<Amount> amount) {
    return hub.post(
        "/internal/refunds",
        new RefundCommand(channel.config(), channel.voucher(ceiling), amount),
        RefundOutcome.class);
  }

  private void confirm(RefundId id, long amount, long balance) {
    hub.report(
        new RefundConfirmed(
            id, channel.id(), Amount.of(amount), TestChannel.bytes32(30), state(30, balance, 300)));
  }

  private long reserved() {
    return hub.sql()
        .sql("SELECT reserved_refund FROM channel WHERE channel_id = ?")
        .param(channel.id().toArray())
        .query(Long.class)
        .single();
  }
}
