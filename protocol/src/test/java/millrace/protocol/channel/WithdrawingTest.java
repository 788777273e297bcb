package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.POLICY;
import static millrace.protocol.channel.Samples.accepted;
import static millrace.protocol.channel.Samples.account;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.at;
import static millrace.protocol.channel.Samples.held;
import static millrace.protocol.channel.Samples.payment;
import static millrace.protocol.channel.Samples.state;
import static millrace.protocol.channel.Samples.voucher;
import static millrace.protocol.channel.Samples.with;
import static millrace.protocol.channel.Samples.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.Charged;
import millrace.protocol.channel.Effect.Frozen;
import millrace.protocol.channel.Effect.Released;
import millrace.protocol.channel.Effect.Thawed;
import millrace.protocol.channel.Effect.Withdrawn;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.CeilingPublished;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.RefundFailed;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.ReleaseRequested;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.channel.Input.WithdrawalSeen;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

class WithdrawingTest {
  private static final Account ACCOUNT = account(100, 20, 42);
  private static final Withdrawing LEAVING = new Withdrawing(ACCOUNT, withdrawal(105));

  @Test
  void beginsWhenAWithdrawalIsSeenAtTheHead() {
    assertThat(new Open(ACCOUNT).on(new WithdrawalSeen(withdrawal(105))))
        .isEqualTo(new Accepted(LEAVING, List.of(new Frozen(withdrawal(105)))));
  }

  @Test
  void doesNotBeginOverAWithdrawalThatAFinalBlockShowsGone() {
    var open = new Open(ACCOUNT);
    assertThat(open.on(new WithdrawalSeen(withdrawal(100)))).isEqualTo(Accepted.unchanged(open));
    assertThat(accepted(open.on(new WithdrawalSeen(withdrawal(101)))).next())
        .isInstanceOf(Withdrawing.class);
  }

  @Test
  void servesNothingNew() {
    var refused = new Refused(Refusal.WITHDRAWAL_PENDING);
    assertThat(LEAVING.on(new VoucherReceived(voucher(43), payment(1), amount(1), at(0))))
        .isEqualTo(refused);
    assertThat(
            LEAVING.on(new ReservationRequested(voucher(43), payment(1), amount(1), at(0), at(1))))
        .isEqualTo(refused);
    assertThat(LEAVING.on(new RefundReceived(voucher(42), Optional.empty(), POLICY, at(0))))
        .isEqualTo(refused);
    assertThat(LEAVING.on(new DepositReceived(amount(50)))).isEqualTo(refused);
  }

  @Test
  void chargesWhatWasBeingServedAlready() {
    var serving = new Withdrawing(held(ACCOUNT, 54, 12, 30), withdrawal(105));
    var decision = accepted(serving.on(new CaptureRequested(payment(1), amount(12), at(0))));
    assertThat(decision.next()).isInstanceOf(Withdrawing.class);
    assertThat(decision.effects()).hasSize(1).first().isInstanceOf(Charged.class);
  }

  @Test
  void letsAHoldGo() {
    var serving = new Withdrawing(held(ACCOUNT, 54, 12, 30), withdrawal(105));
    assertThat(serving.on(new ReleaseRequested(payment(1))))
        .isEqualTo(new Accepted(LEAVING, List.of(new Released(payment(1)))));
  }

  @Test
  void thawsOnlyWhenABlockNotOlderThanTheWithdrawalShowsItGone() {
    assertThat(accepted(LEAVING.on(new StateSeen(state(104, 100, 20)))).next())
        .isInstanceOf(Withdrawing.class);
    var thawed = accepted(LEAVING.on(new StateSeen(state(105, 100, 20))));
    assertThat(thawed.next()).isInstanceOf(Open.class);
    assertThat(thawed.effects()).containsExactly(new Thawed());
  }

  @Test
  void staysWhenAFinalBlockShowsTheWithdrawal() {
    var decision = accepted(LEAVING.on(new StateSeen(with(state(110, 100, 20), withdrawal(105)))));
    assertThat(decision.next()).isInstanceOf(Withdrawing.class);
    assertThat(decision.effects()).isEmpty();
  }

  @Test
  void keepsANewerWithdrawalWhenAnOlderBlockShowsTheOneBeforeIt() {
    var again = accepted(LEAVING.on(new WithdrawalSeen(withdrawal(120)))).next();
    assertThat(again).isEqualTo(new Withdrawing(ACCOUNT, withdrawal(120)));
    var older = accepted(again.on(new StateSeen(with(state(110, 100, 20), withdrawal(105)))));
    var finalized = accepted(older.next().on(new StateSeen(state(119, 90, 20))));
    assertThat(finalized.next()).isInstanceOf(Withdrawing.class);
    assertThat(finalized.effects()).containsExactly(new Withdrawn(amount(10)));
  }

  @Test
  void ignoresAWithdrawalItKnows() {
    assertThat(LEAVING.on(new WithdrawalSeen(withdrawal(105))))
        .isEqualTo(Accepted.unchanged(LEAVING));
    assertThat(LEAVING.on(new WithdrawalSeen(withdrawal(104))))
        .isEqualTo(Accepted.unchanged(LEAVING));
  }

  @Test
  void ignoresABlockOlderThanOneItHasSeen() {
    assertThat(LEAVING.on(new StateSeen(state(99, 1, 99)))).isEqualTo(Accepted.unchanged(LEAVING));
  }

  @Test
  void doesNotBeginBecauseOfABlockOlderThanOneItHasSeen() {
    var open = new Open(ACCOUNT);
    assertThat(open.on(new StateSeen(with(state(99, 100, 20), withdrawal(98)))))
        .isEqualTo(Accepted.unchanged(open));
  }

  @Test
  void becomesUnderfundedWhenMoreLeftThanWasUnspent() {
    var decision = accepted(LEAVING.on(new StateSeen(state(106, 41, 20))));
    assertThat(decision.next()).isInstanceOf(Underfunded.class);
    assertThat(decision.effects()).containsExactly(new Withdrawn(amount(59)), new Thawed());
  }

  @Test
  void recordsWhatBecomesPublicAndWhatIsNotRefunded() {
    assertThat(accepted(LEAVING.on(new CeilingPublished(amount(42)))).next())
        .isEqualTo(new Withdrawing(ACCOUNT.publish(amount(42)), withdrawal(105)));
    var refunding = new Withdrawing(ACCOUNT.reserveRefund(amount(9), at(-1)), withdrawal(105));
    assertThat(accepted(refunding.on(new RefundFailed(amount(9)))).next())
        .isEqualTo(new Withdrawing(ACCOUNT.reserveRefund(Amount.ZERO, at(-1)), withdrawal(105)));
  }
}
