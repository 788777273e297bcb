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
import millrace.protocol.channel.Account;
import millrace.protocol.channel.Open;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataIntegrityViolationException;

/// What PostgreSQL says to refunds on chain that the rules would never make.
final class ReturnGuardIT {
  private final TestHub hub = TestHub.shared();
  private final ChannelRows rows = hub.replica(0).getBean(ChannelRows.class);
  private final Transactions transactions = hub.replica(0).getBean(Transactions.class);

  @Test
  void refusesToGiveBackOnChainWhatIsNotDueOrNotThere() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 900, 900));
    assertRefused(() -> beginReturn(channel, 901, 901, 901));
    hub.report(new ChannelStateSeen(channel.id(), TestHub.state(11, 1_000, 700)));
    assertRefused(() -> beginReturn(channel, 301, 301, 301));
    assertRefused(() -> beginReturn(channel, 300, 299, 300));
    assertRefused(() -> beginReturn(channel, 300, 300, 299));
    assertRefused(() -> undoReturn(channel, 1));

    beginReturn(channel, 200, 200, 200);
    assertThat(row(channel).account().spendable()).isEqualTo(Amount.of(100));
    assertRefused(() -> beginReturn(channel, 101, 301, 301));
    assertRefused(() -> undoReturn(channel, 201));
    assertRefused(() -> undoReturn(channel, 200, 1, 0));
    assertRefused(() -> undoReturn(channel, 200, 0, 1));
    undoReturn(channel, 200);
    assertThat(row(channel).account().due()).isEqualTo(Amount.of(900));
  }

  /// The refund that is under way claims all that is due first.
  @Test
  void refusesToGiveBackOnChainWhatTheOneUnderWayWillClaim() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 900, 900));
    beginReturn(channel, 200, 200, 200);
    assertRefused(() -> beginReturn(channel, 101, 301, 301));
    beginReturn(channel, 100, 300, 300);
    undoReturn(channel, 300); // The ledger knows nothing of it.
  }

  @Test
  void refusesToGiveBackOnChainWhileThePayerLeavesOrWhatIsLacking() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 900, 900));
    hub.report(new ChannelStateSeen(channel.id(), TestHub.state(11, 899, 0)));
    assertRefused(() -> beginReturn(channel, 10, 10, 10));
    hub.report(new ChannelStateSeen(channel.id(), TestHub.state(12, 1_000, 0)));
    hub.report(
        new WithdrawalSeen(channel.id(), new PendingWithdrawal(Amount.of(1), 2_000_000_000L, 13)));
    assertRefused(() -> beginReturn(channel, 10, 10, 10));
  }

  @Test
  void countsWhatWasReturnedAsRoomForPaymentsAndNotForRefundsOfWhatWasClaimed() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 900, 900));
    beginReturn(channel, 400, 400, 400);
    hub.sql()
        .sql(
            """
            UPDATE channel SET balance = 600, reserved_refund = 0, payer_balance = 100
             WHERE channel_id = ?
            """)
        .param(channel.id().toArray())
        .update();
    assertRefused(() -> charge(channel, 1_001));
    assertRefused(() -> reserveRefund(channel, 101));
    charge(channel, 1_000);
    hub.sql()
        .sql(
            """
            UPDATE channel SET balance = 1000, returned = 0, charged = 900, payer_balance = 100
             WHERE channel_id = ?
            """)
        .param(channel.id().toArray())
        .update();
    assertThat(row(channel).account().charged()).isEqualTo(Amount.of(900));
  }

  /// Goal: what was decided on a row that somebody has changed meanwhile is not written: by the end
  /// of a hold, which moves the sequence, or by a claim beyond the charge, which raises the charge.
  @Test
  void refusesWhatWasDecidedOnARowThatHasChanged() {
    var ended = known(1_000);
    var hold = TestHub.request(ended, TestHub.merchant(), 900, 100);
    hub.charge(TestHub.request(ended, TestHub.merchant(), 800, 800));
    hub.hold(hold, Instant.now().plusSeconds(600));
    var beforeTheEnd = row(ended);
    hub.endHold(hold, 100);
    assertRefused(() -> beginReturn(beforeTheEnd, 10));

    var claimed = known(1_000);
    hub.charge(TestHub.request(claimed, TestHub.merchant(), 900, 900));
    var beforeTheClaim = row(claimed);
    hub.report(new ChannelStateSeen(claimed.id(), TestHub.state(11, 1_000, 950)));
    assertThat(row(claimed).account().sequence()).isEqualTo(beforeTheClaim.account().sequence());
    assertRefused(() -> beginReturn(beforeTheClaim, 10));
    beginReturn(row(claimed), 10);
    var begun = row(claimed);
    hub.report(new ChannelStateSeen(claimed.id(), TestHub.state(12, 1_000, 960)));
    assertRefused(() -> undoReturn(begun, 10));
    undoReturn(row(claimed), 10);
  }

  @Test
  void refusesAnythingOnAChannelWhoseHistoryIsLost() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 900, 900));
    var before = row(channel);
    lose(channel, true);
    assertRefused(() -> beginReturn(before, 10));
    lose(channel, false);
    beginReturn(before, 10);
    var begun = row(channel);
    lose(channel, true);
    assertRefused(() -> undoReturn(begun, 10));
    lose(channel, false);
    undoReturn(begun, 10);
  }

  /// Goal: a row that no refund comes to is refused by the table itself.
  @ParameterizedTest
  @CsvSource({
    "PENDING, false, CREDIT, true, false,",
    "PENDING, false, CREDIT, false, true,",
    "SUCCEEDED, true, CREDIT, true, false,",
    "SUCCEEDED, true, ON_CHAIN, true, false,",
    "SUCCEEDED, true, ON_CHAIN, false, true,",
    "FAILED, true, ON_CHAIN, true, true, DAILY_LIMIT",
    "PENDING, false, ON_CHAIN, true, true,",
    "PENDING, false, ON_CHAIN, false, false, DAILY_LIMIT",
    "PENDING, true, ON_CHAIN, false, false,",
    "FAILED, false, ON_CHAIN, true, false, DAILY_LIMIT",
    "PENDING, false, IN_CASH, false, false,"
  })
  void refusesRowsThatNoRefundComesTo(
      String status,
      boolean over,
      String method,
      boolean begun,
      boolean sent,
      @Nullable String failure) {
    assertThatThrownBy(() -> insertGiveBack(status, over, method, begun, sent, failure))
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void takesTheRowsOfRefundsAsTheyAre() {
    insertGiveBack("PENDING", false, "ON_CHAIN", true, false, null);
    insertGiveBack("SUCCEEDED", true, "ON_CHAIN", true, true, null);
    insertGiveBack("FAILED", true, "ON_CHAIN", false, false, "PROMISED");
  }

  @Test
  void refusesToReturnMoreThanWasChargedWhoeverWritesIt() {
    var channel = known(1_000);
    hub.charge(TestHub.request(channel, TestHub.merchant(), 900, 900));
    for (var returned : List.of("-1", "901")) {
      assertThatThrownBy(
              () ->
                  hub.sql()
                      .sql("UPDATE channel SET returned = " + returned + " WHERE channel_id = ?")
                      .param(channel.id().toArray())
                      .update())
          .isInstanceOf(DataIntegrityViolationException.class);
    }
  }

  private void insertGiveBack(
      String status,
      boolean over,
      String method,
      boolean begun,
      boolean sent,
      @Nullable String failure) {
    hub.sql()
        .sql(
            """
            INSERT INTO give_back (id, merchant_id, payment_id, channel_id, amount, status,
                                   created_at, ended_at, method, begun_at, transaction, failure)
            VALUES (:id, 'mer_nobody', 'pay_none', '', 1, :status, now(),
                    CASE WHEN :over THEN now() END, :method, CASE WHEN :begun THEN now() END,
                    CASE WHEN :sent THEN ''::bytea END, :failure)
            """)
        .param("id", "re_" + TestHub.id())
        .param("status", status)
        .param("over", over)
        .param("method", method)
        .param("begun", begun)
        .param("sent", sent)
        .param("failure", failure)
        .update();
  }

  private void lose(TestChannel channel, boolean lost) {
    hub.sql()
        .sql("UPDATE channel SET lost = ? WHERE channel_id = ?")
        .params(lost, channel.id().toArray())
        .update();
  }

  private void beginReturn(ChannelRow before, long amount) {
    var account = before.account();
    long returned = account.returned().units().longValue() + amount;
    long reserved = account.reservedRefund().units().longValue() + amount;
    transactions.run(
        () -> {
          rows.beginReturn(before, returning(account, returned, reserved), Amount.of(amount));
          return true;
        });
  }

  private void undoReturn(ChannelRow before, long amount) {
    var account = before.account();
    long returned = account.returned().units().longValue() - amount;
    long reserved = account.reservedRefund().units().longValue() - amount;
    transactions.run(
        () -> {
          rows.undoReturn(before, returning(account, returned, reserved), Amount.of(amount));
          return true;
        });
  }

  private void beginReturn(TestChannel channel, long amount, long returned, long reserved) {
    transactions.run(
        () -> {
          var row = row(channel);
          rows.beginReturn(row, returning(row.account(), returned, reserved), Amount.of(amount));
          return true;
        });
  }

  private void undoReturn(TestChannel channel, long amount) {
    long left = Math.max(0, row(channel).account().returned().units().longValue() - amount);
    undoReturn(channel, amount, left, left);
  }

  private void undoReturn(TestChannel channel, long amount, long returned, long reserved) {
    transactions.run(
        () -> {
          var row = row(channel);
          rows.undoReturn(row, returning(row.account(), returned, reserved), Amount.of(amount));
          return true;
        });
  }

  /// Up to that much in all.
  private void charge(TestChannel channel, long charged) {
    var before = row(channel);
    long more = charged - before.account().charged().units().longValue();
    var voucher = channel.voucher(charged);
    var after =
        account(before.account(), charged, before.account().returned(), Amount.ZERO, voucher);
    var charge =
        new Charge(
            before,
            before.with(new Open(after)),
            Optional.of(Amount.of(charged)),
            Optional.empty(),
            BigInteger.valueOf(-more),
            Amount.of(more),
            Amount.ZERO);
    transactions.run(
        () -> {
          rows.charge(List.of(charge));
          return true;
        });
  }

  private void reserveRefund(TestChannel channel, long amount) {
    transactions.run(
        () -> {
          rows.reserveRefund(row(channel), Amount.of(amount), Instant.now());
          return true;
        });
  }

  private static Account returning(Account account, long returned, long reserved) {
    long charged = Math.max(account.charged().units().longValue(), returned);
    var newest = account.newest().orElseThrow();
    return account(account, charged, Amount.of(returned), Amount.of(reserved), newest);
  }

  /// What no rule would make of it.
  private static Account account(
      Account account, long charged, Amount returned, Amount reserved, SignedVoucher newest) {
    return new Account(
        account.balance(),
        account.claimed(),
        Amount.of(charged),
        reserved,
        account.refundNonce(),
        account.sequence() + 1,
        Optional.of(newest),
        account.publishedCeiling(),
        account.reservation(),
        account.seenBlock(),
        account.lastPaidAt(),
        account.lastRefundAt(),
        account.early(),
        account.held(),
        account.credit(),
        returned);
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

  private static void assertRefused(Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PostgreSQL would not");
  }
}
