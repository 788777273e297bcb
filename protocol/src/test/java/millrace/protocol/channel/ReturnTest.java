package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.POLICY;
import static millrace.protocol.channel.Samples.accepted;
import static millrace.protocol.channel.Samples.account;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.at;
import static millrace.protocol.channel.Samples.payment;
import static millrace.protocol.channel.Samples.state;
import static millrace.protocol.channel.Samples.voucher;
import static millrace.protocol.channel.Samples.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.RefundReserved;
import millrace.protocol.channel.Effect.ReturnBegun;
import millrace.protocol.channel.Effect.ReturnUndone;
import millrace.protocol.channel.Effect.Withdrawn;
import millrace.protocol.channel.Input.CreditGiven;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.channel.Input.ReturnFailed;
import millrace.protocol.channel.Input.ReturnRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import org.junit.jupiter.api.Test;

/// What merchants give back on chain.
class ReturnTest {
  private static final Open OPEN = new Open(account(100, 20, 42));

  @Test
  void isDueNoMoreAndSetAsideAndLeavesPaymentsTheirRoom() {
    var begun = accepted(OPEN.on(returning(7)));
    var after = begun.next().account();
    assertThat(begun.effects())
        .containsExactly(new ReturnBegun(voucher(42).signed(), amount(35), amount(7), 8));
    assertThat(after.charged()).isEqualTo(amount(42));
    assertThat(after.due()).isEqualTo(amount(35));
    assertThat(after.returned()).isEqualTo(amount(7));
    assertThat(after.reservedRefund()).isEqualTo(amount(7));
    assertThat(after.spendable()).isEqualTo(OPEN.account().spendable());
  }

  @Test
  void leavesPaymentsTheirRoomAfterItHasLeft() {
    var left = left(7);
    assertThat(left.account().balance()).isEqualTo(amount(93));
    assertThat(left.account().reservedRefund()).isEqualTo(amount(0));
    assertThat(left.account().spendable()).isEqualTo(OPEN.account().spendable());
    assertThat(left.on(pay(100, 58))).isInstanceOf(Accepted.class);
    assertThat(left.on(pay(101, 59))).isEqualTo(new Refused(Refusal.EXCEEDS_BALANCE));
    var spent = accepted(left.on(pay(100, 58))).next().account();
    assertThat(spent.claimTarget()).as("all of it is there").isEqualTo(spent.balance());
  }

  @Test
  void isNoShortfall() {
    var all = accepted(accepted(OPEN.on(returning(42))).next().on(seen(42, 58, 20))).next();
    assertThat(all).isInstanceOf(Open.class);
    assertThat(all.account().shortfall()).isEqualTo(amount(0));
    var gone = accepted(all.on(new StateSeen(state(102, 0, 20)))).next();
    assertThat(gone).as("42 of 42 were returned").isInstanceOf(Open.class);
    var little = accepted(left(7).on(new StateSeen(state(102, 34, 35)))).next();
    assertThat(little).isInstanceOf(Underfunded.class);
    assertThat(little.account().shortfall()).isEqualTo(amount(1));
  }

  @Test
  void isDueAgainWhenItDidNotLeave() {
    var begun = accepted(OPEN.on(returning(7))).next();
    var undone = accepted(begun.on(new ReturnFailed(amount(7))));
    assertThat(undone.effects()).containsExactly(new ReturnUndone(amount(7), 9));
    assertThat(undone.next().account().due()).isEqualTo(amount(42));
    assertThat(undone.next().account().reservedRefund()).isEqualTo(amount(0));
    assertThat(undone.next().account().spendable()).isEqualTo(OPEN.account().spendable());
  }

  @Test
  void neverFailsTwice() {
    assertThatThrownBy(() -> OPEN.on(new ReturnFailed(amount(7))))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void mayFailWhileThePayerIsLeaving() {
    var begun = accepted(OPEN.on(returning(7))).next();
    var leaving = accepted(begun.on(new Input.WithdrawalSeen(withdrawal(101)))).next();
    var undone = accepted(leaving.on(new ReturnFailed(amount(7))));
    assertThat(undone.next()).isInstanceOf(Withdrawing.class);
    assertThat(undone.next().account().claimTarget()).isEqualTo(amount(42));
  }

  @Test
  void takesOnlyWhatIsDue() {
    var room = new Open(account(100, 0, 42));
    assertThat(room.on(returning(42))).isInstanceOf(Accepted.class);
    assertThat(room.on(returning(43))).isEqualTo(new Refused(Refusal.REFUND_NO_BALANCE));
    var credited = accepted(room.on(new CreditGiven(amount(10)))).next();
    assertThat(credited.on(returning(33))).isEqualTo(new Refused(Refusal.REFUND_NO_BALANCE));
  }

  /// What was claimed is in the vault, which cannot send it back through the channel.
  @Test
  void takesOnlyWhatWasNotClaimed() {
    var claimed = new Open(account(50, 40, 42));
    assertThat(claimed.on(returning(10))).isInstanceOf(Accepted.class);
    assertThat(claimed.on(returning(11))).isEqualTo(new Refused(Refusal.REFUND_NO_BALANCE));
  }

  @Test
  void takesNothingWhileWhatIsDueIsNotFinallyThere() {
    var early = account(40, 0, 42).credit(new EarlyCredit(amount(60), 200));
    assertThat(new Open(early).on(returning(1))).isEqualTo(new Refused(Refusal.REFUND_NO_BALANCE));
  }

  /// The payer's own money leaves where the merchant's was claimed, and what was claimed pays for
  /// as much of what the payer buys next.
  @Test
  void isMadeUpForByWhatWasClaimed() {
    var begun = accepted(new Open(account(50, 40, 42)).on(returning(10)));
    assertThat(((ReturnBegun) begun.effects().getFirst()).totalClaimed()).isEqualTo(amount(40));
    var left = accepted(begun.next().on(seen(10, 40, 40))).next();
    assertThat(left.account().spendable()).isEqualTo(amount(8));
    assertThat(left.account().refundable()).as("nothing is there").isEqualTo(amount(0));
    var paid = accepted(left.on(pay(50, 8))).next().account();
    assertThat(paid.claimTarget()).isEqualTo(amount(40)).isEqualTo(paid.balance());
  }

  @Test
  void aSecondOneTakesNothingThatTheFirstOneClaims() {
    var first = accepted(OPEN.on(returning(7))).next();
    assertThat(first.account().returnable()).isEqualTo(amount(35));
    var full = accepted(new Open(account(42, 20, 42)).on(returning(7))).next();
    assertThat(full.on(returning(1))).isEqualTo(new Refused(Refusal.REFUND_NO_BALANCE));
  }

  @Test
  void refusesLessThanIsWorthItsGas() {
    assertThat(OPEN.on(new ReturnRequested(amount(4), amount(5))))
        .isEqualTo(new Refused(Refusal.REFUND_AMOUNT_INVALID));
    assertThat(OPEN.on(new ReturnRequested(amount(0), amount(0))))
        .isEqualTo(new Refused(Refusal.REFUND_AMOUNT_INVALID));
  }

  @Test
  void refusesWherePaymentsAreRefused() {
    var account = OPEN.account();
    assertThat(new Withdrawing(account, withdrawal(101)).on(returning(7)))
        .isEqualTo(new Refused(Refusal.WITHDRAWAL_PENDING));
    assertThat(new Underfunded(account(41, 20, 42)).on(returning(7)))
        .isEqualTo(new Refused(Refusal.SHORTFALL));
    assertThat(new Opening(Account.EMPTY).on(returning(7)))
        .isEqualTo(new Refused(Refusal.NOT_FUNDED));
    assertThat(new Lost(account).on(returning(7))).isEqualTo(new Refused(Refusal.STATE_LOST));
  }

  @Test
  void doesNotWaitForAPaymentThatIsBeingServed() {
    var serving = new Open(Samples.held(OPEN.account(), 50, 8, 30));
    var begun = accepted(serving.on(returning(42)));
    var capture = new Input.CaptureRequested(payment(1), amount(8), at(0));
    assertThat(begun.next().on(capture)).isInstanceOf(Accepted.class);
  }

  @Test
  void thePayerGetsAllThatIsUnspentAndNoMore() {
    var asked = new RefundReceived(voucher(42), Optional.empty(), POLICY, at(0));
    assertThat(accepted(left(7).on(asked)).effects())
        .isEqualTo(List.of(new RefundReserved(voucher(42).signed(), amount(35), amount(58))));
    assertThat(accepted(OPEN.on(returning(7))).next().on(asked))
        .isEqualTo(new Refused(Refusal.REFUND_TOO_SOON));
  }

  @Test
  void moreIsNeverGivenBackThanWasCharged() {
    assertThatThrownBy(() -> OPEN.account().beginReturn(amount(43)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Channel left(long amount) {
    var begun = accepted(OPEN.on(returning(amount))).next();
    var seen = accepted(begun.on(seen(amount, 100 - amount, 42 - amount)));
    assertThat(seen.effects()).contains(new Withdrawn(amount(amount)));
    return seen.next();
  }

  private static RefundSeen seen(long amount, long balance, long claimed) {
    return new RefundSeen(amount(amount), state(101, balance, claimed));
  }

  private static ReturnRequested returning(long amount) {
    return new ReturnRequested(amount(amount), amount(1));
  }

  private static VoucherReceived pay(long ceiling, long price) {
    return new VoucherReceived(voucher(ceiling), payment(2), amount(price), at(0));
  }
}
