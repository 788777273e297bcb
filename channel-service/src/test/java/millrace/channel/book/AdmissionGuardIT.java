package millrace.channel.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.TestChannel;
import millrace.channel.TestHub;
import millrace.channel.sql.Transactions;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.VouchersGuarded;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.Open;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

/// What PostgreSQL says to states that the rules would never make: the second lock on the door.
final class AdmissionGuardIT {
  private static final long EXPOSABLE = 900;

  private final TestHub hub = TestHub.shared();
  private final ChannelRows rows = hub.replica(0).getBean(ChannelRows.class);
  private final Transactions transactions = hub.replica(0).getBean(Transactions.class);

  @Test
  void letsPassWhatTheRulesAdmit() {
    var channel = known(1_000);

    charge(channel, 100, 100, 100, 100);

    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(100));
    // The row was changed behind the ledger's back: put it right for the other tests.
    hub.sql()
        .sql("UPDATE channel SET payer_balance = balance, charged = 0 WHERE channel_id = ?")
        .param(channel.id().toArray())
        .update();
  }

  @Test
  void refusesACeilingAboveTheBalance() {
    var channel = known(1_000);
    assertRefused(() -> charge(channel, 1_001, 1_001, 1_001, 1_001));
  }

  @Test
  void refusesACeilingThatReachesIntoAReservedRefund() {
    var channel = known(1_000);
    transactions.run(
        () -> {
          rows.reserveRefund(row(channel), Amount.of(400), Instant.now());
          return true;
        });
    assertRefused(() -> charge(channel, 601, 601, 601, 601));
  }

  @Test
  void refusesToHoldWhatTheBalanceDoesNotCover() {
    var channel = known(1_000);
    assertRefused(() -> charge(channel, 1, 1, 1_001, 1));
  }

  @Test
  void refusesToChargeOnAVoucherThatTheBalanceDoesNotCover() {
    var channel = known(1_000);
    assertRefused(() -> charge(channel, 1, 1_001, 1, 1));
  }

  @Test
  void refusesToChargeMoreThanThePayerSigned() {
    var channel = known(1_000);
    assertRefused(() -> charge(channel, 101, 100, 100, 101));
  }

  @Test
  void refusesAnythingNewWhileThePayerLeaves() {
    var channel = known(1_000);
    hub.report(
        new WithdrawalSeen(channel.id(), new PendingWithdrawal(Amount.of(1), 2_000_000_000L, 11)));
    assertRefused(() -> charge(channel, 100, 100, 100, 100));
  }

  @Test
  void refusesACeilingThatIsNotAboveWhatWasClaimed() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 100, 100));
    hub.report(new ChannelStateSeen(channel.id(), TestHub.state(11, 1_000, 100)));
    assertRefused(() -> charge(channel, 100, 100, 100, 0));
  }

  @Test
  void refusesToExposeMoreThanWasJudged() {
    var channel = known(1_000);
    assertRefused(
        () -> charge(channel, EXPOSABLE + 1, EXPOSABLE + 1, EXPOSABLE + 1, EXPOSABLE + 1));
  }

  @Test
  void countsWhatTheTowerHoldsAsNotExposed() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 99, 99));
    hub.report(
        new VouchersGuarded(List.of(new Guarded(channel.id(), 1, Amount.of(99))), Instant.EPOCH));

    charge(channel, EXPOSABLE + 99, EXPOSABLE + 99, EXPOSABLE + 99, EXPOSABLE);

    hub.sql()
        .sql("UPDATE channel SET payer_balance = balance - 99, charged = 99 WHERE channel_id = ?")
        .param(channel.id().toArray())
        .update();
  }

  @Test
  void refusesAChannelThatChangedSinceItWasRead() {
    var channel = known(1_000);
    var stale = row(channel);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 50, 50));
    assertRefused(() -> charge(stale, 100, 100, 100, 100));
  }

  @Test
  void refusesAChargeThatTheLedgerDoesNotPost() {
    var channel = known(1_000);
    assertRefused(() -> charge(channel, 100, 100, 100, 90));
  }

  @Test
  void refusesAPaymentThatGivesThePayerCredit() {
    var channel = known(1_000);
    assertRefused(() -> charge(channel, 100, 100, 100, 100, 0, 10, 90, 0));
  }

  @Test
  void refusesToHoldMoreOrLessThanTheLedgerPosts() {
    var channel = known(1_000);
    assertRefused(() -> charge(channel, 100, 100, 100, 100, 100, 0, 0, 90));
    assertRefused(() -> charge(channel, 100, 100, 100, 100, 60, 0, 0, 60));
  }

  @Test
  void refusesToPostMoreToAMerchantThanBecomesDue() {
    var channel = known(1_000);
    assertRefused(() -> charge(channel, 100, 100, 100, 100, 0, 0, 101, 0));
  }

  @Test
  void refusesToGiveBackWhatIsNeitherHeldNorDue() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 100, 100));
    assertRefused(() -> giveBack(channel, 0, 101, 0));
    assertRefused(() -> giveBack(channel, 0, 10, 10));
    transactions.run(
        () -> {
          var row = row(channel);
          rows.giveBack(row, owing(row.account(), 0, 40), Amount.ZERO);
          return true;
        });
    assertRefused(() -> giveBack(channel, 0, 101, 0));
    assertRefused(() -> giveBack(channel, 0, 39, 0));
    hub.sql()
        .sql("UPDATE channel SET credit = 0 WHERE channel_id = ?")
        .param(channel.id().toArray())
        .update();
  }

  private void giveBack(TestChannel channel, long held, long credit, long ended) {
    transactions.run(
        () -> {
          var row = row(channel);
          rows.giveBack(row, owing(row.account(), held, credit), Amount.of(ended));
          return true;
        });
  }

  /// What no rule would make of it.
  private static Account owing(Account account, long held, long credit) {
    return new Account(
        account.balance(),
        account.claimed(),
        account.charged().max(Amount.of(held + credit)),
        account.reservedRefund(),
        account.refundNonce(),
        account.sequence() + 1,
        account.newest(),
        account.publishedCeiling(),
        account.reservation(),
        account.seenBlock(),
        account.lastPaidAt(),
        account.lastRefundAt(),
        account.early(),
        Amount.of(held),
        Amount.of(credit),
        account.returned());
  }

  @Test
  void refusesARefundOfMoneyThatIsSpent() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 700, 700));
    assertRefused(
        () ->
            transactions.run(
                () -> {
                  rows.reserveRefund(row(channel), Amount.of(301), Instant.now());
                  return true;
                }));
  }

  @Test
  void neverChangesWhatIsPosted() {
    hub.charge(TestHub.request(known(1_000), TestHub.merchant(), 1, 1));
    for (var sql :
        List.of("UPDATE ledger_transfer SET amount = 1", "DELETE FROM ledger_transfer")) {
      assertThatThrownBy(() -> hub.sql().sql(sql).update())
          .hasMessageContaining("ledger transfers are corrected by a transfer back");
    }
  }

  /// Known by its terms, as after a first voucher that was refused.
  private TestChannel known(long balance) {
    var channel = hub.open(balance);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 1_000_000, 1));
    return channel;
  }

  private ChannelRow row(TestChannel channel) {
    return rows.find(channel.id()).orElseThrow();
  }

  private void charge(
      TestChannel channel, long charged, long covering, long admitted, long posted) {
    var row = row(channel);
    charge(
        new ChannelRow(
            row.id(), row.config(), new Open(row.account()), row.opened(), row.guarded()),
        charged,
        covering,
        admitted,
        posted);
  }

  private void charge(
      TestChannel channel,
      long charged,
      long covering,
      long admitted,
      long posted,
      long held,
      long credit,
      long earned,
      long gainOfHolds) {
    var row = row(channel);
    var before = row.with(new Open(row.account()));
    charge(before, charged, covering, admitted, posted, held, credit, earned, gainOfHolds);
  }

  private void charge(ChannelRow before, long charged, long covering, long admitted, long posted) {
    long earned = charged - before.account().charged().units().longValue();
    charge(before, charged, covering, admitted, posted, 0, 0, earned, 0);
  }

  private void charge(
      ChannelRow before,
      long charged,
      long covering,
      long admitted,
      long posted,
      long held,
      long credit,
      long earned,
      long gainOfHolds) {
    var config = before.config();
    assertThat(config.payerAuthorizer().isZero()).isFalse();
    var account = before.account();
    var voucher =
        new SignedVoucher(
            new Voucher(before.id(), Amount.of(covering)),
            TestChannel.of(hub.terms()).voucher(covering).signature());
    var next =
        new Account(
            account.balance(),
            account.claimed(),
            Amount.of(charged),
            account.reservedRefund(),
            account.refundNonce(),
            account.sequence() + 1,
            Optional.of(voucher),
            account.publishedCeiling(),
            Optional.empty(),
            account.seenBlock(),
            account.lastPaidAt(),
            account.lastRefundAt(),
            Optional.empty(),
            Amount.of(held),
            Amount.of(credit),
            account.returned());
    var charge =
        new Charge(
            before,
            before.with(new Open(next)),
            Optional.of(Amount.of(admitted)),
            Optional.of(Amount.of(EXPOSABLE)),
            BigInteger.valueOf(-posted),
            Amount.of(earned),
            Amount.of(gainOfHolds));
    transactions.run(
        () -> {
          rows.charge(List.of(charge));
          return true;
        });
  }

  private static void assertRefused(Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PostgreSQL would not");
  }
}
