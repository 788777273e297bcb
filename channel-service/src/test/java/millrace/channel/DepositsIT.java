package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static millrace.channel.TestHub.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.DepositOutcome.Confirmed;
import millrace.messaging.command.DepositOutcome.Failed;
import millrace.messaging.command.DepositOutcome.Pending;
import millrace.messaging.command.DepositOutcome.Refused;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.GiveBackMethod;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.RefundId;
import millrace.testkit.Persona;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

final class DepositsIT {
  private static final long AMOUNT = 50_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestHub hub = TestHub.shared();
  private final TestChannel channel = TestChannel.of(hub.terms());

  @Test
  void waitsUntilTheDepositIsFinalAndThenTakesItsVoucher() throws Exception {
    var answer =
        CompletableFuture.supplyAsync(
            () ->
                hub.post(
                    "/internal/deposits?waitMillis=30000",
                    channel.deposit(AMOUNT, 1),
                    DepositOutcome.class));
    await().atMost(PATIENCE).until(() -> rows() == 1);
    confirm(1, AMOUNT, 20);

    var confirmed = (Confirmed) answer.get();

    assertThat(confirmed.amount()).isEqualTo(Amount.of(AMOUNT));
    assertThat(confirmed.channel().balance()).isEqualTo(Amount.of(AMOUNT));
    assertThat(hub.charge(request(channel, merchant(), 1, 1))).isInstanceOf(Taken.class);
  }

  @Test
  void isRelayedOnceHoweverOftenItIsAsked() {
    var command = channel.deposit(AMOUNT, 1);

    assertThat(deposit(command)).isEqualTo(new Pending(channel.nonce(1)));
    assertThat(deposit(command)).isEqualTo(new Pending(channel.nonce(1)));
    assertThat(deposit(channel.deposit(AMOUNT + 1, 1)))
        .isEqualTo(new Refused(RefusalReason.TERMS_MISMATCH));

    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void tellsWhyItFailedAndLetsThePayerTryAnother() {
    deposit(channel.deposit(AMOUNT, 1));
    hub.report(
        new DepositFailed(
            channel.id(), channel.nonce(1), DepositFailure.INSUFFICIENT_BALANCE, "too poor"));

    assertThat(deposit(channel.deposit(AMOUNT, 1)))
        .isEqualTo(new Failed(DepositFailure.INSUFFICIENT_BALANCE, "too poor"));
    assertThat(deposit(channel.deposit(AMOUNT, 2))).isInstanceOf(Pending.class);
  }

  @Test
  void countsFinalMoneyEvenAfterAReportThatItWouldNeverCome() {
    deposit(channel.deposit(AMOUNT, 1));
    hub.report(
        new DepositFailed(channel.id(), channel.nonce(1), DepositFailure.EXPIRED, "gave up"));
    confirm(1, AMOUNT, 20);

    assertThat(deposit(channel.deposit(AMOUNT, 1))).isInstanceOf(Confirmed.class);
  }

  @Test
  void refusesMoreThanAPayersShareOfUnfinishedDeposits() {
    assertThat(deposit(channel.deposit(AMOUNT, 1))).isInstanceOf(Pending.class);
    assertThat(deposit(channel.deposit(AMOUNT, 2))).isInstanceOf(Pending.class);
    var elsewhere = TestChannel.of(hub.terms(), channel.payer());
    assertThat(deposit(elsewhere.deposit(AMOUNT, 3)))
        .isEqualTo(new Refused(RefusalReason.DEPOSIT_LIMIT));

    confirm(1, AMOUNT, 20);

    assertThat(deposit(elsewhere.deposit(AMOUNT, 3))).isInstanceOf(Pending.class);
  }

  @Test
  void refusesWhatIsTooSmallForgedOrOutOfTime() {
    assertThat(deposit(channel.deposit(9_999, 1)))
        .isEqualTo(new Refused(RefusalReason.DEPOSIT_LIMIT));
    assertThat(deposit(channel.deposit(AMOUNT, 1, Persona.MALLORY.key(), 4_000_000_000L)))
        .isInstanceOf(Failed.class);
    assertThat(((Failed) deposit(channel.deposit(AMOUNT, 1, channel.payer(), 1_000))).reason())
        .isEqualTo(DepositFailure.EXPIRED);
    var command = channel.deposit(AMOUNT, 1);
    var stranger =
        new DepositCommand(
            command.config(),
            channel.voucher(1, Persona.MALLORY.key()),
            command.amount(),
            command.validAfter(),
            command.validBefore(),
            command.salt(),
            command.signature());
    assertThat(deposit(stranger)).isEqualTo(new Refused(RefusalReason.VOUCHER_SIGNATURE));
    assertThat(rows()).isZero();
  }

  @Test
  void refusesATopUpWhileThePayerLeaves() {
    deposit(channel.deposit(AMOUNT, 1));
    confirm(1, AMOUNT, 20);
    hub.report(
        new WithdrawalSeen(channel.id(), new PendingWithdrawal(Amount.of(1), 2_000_000_000L, 21)));

    assertThat(deposit(channel.deposit(AMOUNT, 2)))
        .isEqualTo(new Refused(RefusalReason.WITHDRAWAL_PENDING));
  }

  @Test
  void servesNothingOnAStaleChain() throws Exception {
    try (var own = TestHub.start(TestPostgres.freshDatabase(), 1, Map.of())) {
      own.deaf();
      // What other tests' topics told this hub before it went deaf.
      own.sql().sql("DELETE FROM chain_head").update();
      own.headSeen(Instant.now().minusSeconds(900 / 8 - 20));
      var fresh = own.open(1_000);
      var merchant = merchant();
      var paid = request(fresh, merchant, 100, 100);
      assertThat(own.charge(paid)).isInstanceOf(Taken.class);
      own.sql().sql("UPDATE chain_head SET at = at - interval '30 seconds'").update();
      Thread.sleep(Duration.ofMillis(1_100));

      var other = TestChannel.of(own.terms());
      assertThat(PaymentsIT.reason(own.charge(request(fresh, merchant, 101, 1))))
          .isEqualTo(RefusalReason.CHAIN_STALE);
      assertThat(own.post("/internal/deposits", other.deposit(AMOUNT, 1), DepositOutcome.class))
          .isEqualTo(new Refused(RefusalReason.CHAIN_STALE));
      assertThat(own.post("/internal/give-backs", onChain(merchant, paid), GiveBackOutcome.class))
          .isEqualTo(new GiveBackOutcome.Refused(RefusalReason.CHAIN_STALE));
    }
  }

  private static GiveBackCommand onChain(MerchantId merchant, PaymentRequest paid) {
    return new GiveBackCommand(
        new RefundId("re_" + TestHub.id()),
        merchant,
        paid.id(),
        Persona.MERCHANT.address(),
        Optional.of(Amount.of(50)),
        "key",
        "print",
        Optional.of(GiveBackMethod.ON_CHAIN));
  }

  private DepositOutcome deposit(DepositCommand command) {
    return hub.post("/internal/deposits", command, DepositOutcome.class);
  }

  private void confirm(long salt, long balance, long block) {
    hub.report(
        new DepositConfirmed(
            channel.id(),
            channel.nonce(salt),
            TestChannel.bytes32(block),
            Amount.of(AMOUNT),
            state(block, balance, 0)));
  }

  private long rows() {
    return hub.sql()
        .sql("SELECT count(*) FROM deposit WHERE channel_id = ?")
        .param(channel.id().toArray())
        .query(Long.class)
        .single();
  }
}
