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
import org.junit.jupiter.api.Test;

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
    undoReturn(channel, 200);
    assertThat(row(channel).account().due()).isEqualTo(Amount.of(900));
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

  private void beginReturn(TestChannel channel, long amount, long returned, long reserved) {
    transactions.run(
        () -> {
          var row = row(channel);
          rows.beginReturn(row, returning(row.account(), returned, reserved), Amount.of(amount));
          return true;
        });
  }

  private void undoReturn(TestChannel channel, long amount) {
    transactions.run(
        () -> {
          var row = row(channel);
          long left = row.account().returned().units().longValue() - amount;
          var after = returning(row.account(), Math.max(0, left), Math.max(0, left));
          rows.undoReturn(row, after, Amount.of(amount));
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
