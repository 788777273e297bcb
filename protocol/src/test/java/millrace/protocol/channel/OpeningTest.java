package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.POLICY;
import static millrace.protocol.channel.Samples.accepted;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.at;
import static millrace.protocol.channel.Samples.payment;
import static millrace.protocol.channel.Samples.signed;
import static millrace.protocol.channel.Samples.state;
import static millrace.protocol.channel.Samples.voucher;
import static millrace.protocol.channel.Samples.with;
import static millrace.protocol.channel.Samples.withNonce;
import static millrace.protocol.channel.Samples.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.Deposited;
import millrace.protocol.channel.Effect.Frozen;
import millrace.protocol.channel.Effect.RelayDeposit;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.channel.Input.WithdrawalSeen;
import org.junit.jupiter.api.Test;

class OpeningTest {
  private static final Opening OPENING = new Opening(Account.EMPTY);

  @Test
  void relaysTheFirstDeposit() {
    assertThat(OPENING.on(new DepositReceived(amount(9))))
        .isEqualTo(new Accepted(OPENING, List.of(new RelayDeposit(amount(9)))));
  }

  @Test
  void servesNothingBeforeTheMoneyIsThere() {
    var refused = new Refused(Refusal.NOT_FUNDED);
    assertThat(OPENING.on(new VoucherReceived(voucher(1), payment(1), amount(1), at(0))))
        .isEqualTo(refused);
    assertThat(
            OPENING.on(new ReservationRequested(voucher(1), payment(1), amount(1), at(0), at(1))))
        .isEqualTo(refused);
    assertThat(OPENING.on(new RefundReceived(voucher(0), Optional.empty(), POLICY, at(0))))
        .isEqualTo(refused);
    assertThat(OPENING.on(new CaptureRequested(payment(1), amount(1), at(0))))
        .isEqualTo(new Refused(Refusal.NO_RESERVATION));
  }

  @Test
  void opensWhenADepositIsFinal() {
    var decision = accepted(OPENING.on(new StateSeen(state(5, 100, 0))));
    assertThat(decision.next()).isInstanceOf(Open.class);
    assertThat(decision.next().account().balance()).isEqualTo(amount(100));
    assertThat(decision.effects()).containsExactly(new Deposited(amount(100)));
  }

  @Test
  void waitsOnWhenAFinalBlockShowsNoMoney() {
    assertThat(accepted(OPENING.on(new StateSeen(state(5, 0, 0)))).next())
        .isInstanceOf(Opening.class);
  }

  @Test
  void knowsThatItLostStateWhenTheChainHasClaims() {
    var decision = accepted(OPENING.on(new StateSeen(state(5, 100, 1))));
    assertThat(decision.next()).isInstanceOf(Lost.class);
    assertThat(decision.effects()).isEmpty();
  }

  @Test
  void knowsThatItLostStateWhenTheChainHasRefunds() {
    assertThat(accepted(OPENING.on(new StateSeen(withNonce(state(5, 100, 0), 1)))).next())
        .isInstanceOf(Lost.class);
    assertThat(accepted(OPENING.on(new RefundSeen(amount(1), withNonce(state(5, 9, 0), 1)))).next())
        .isInstanceOf(Lost.class);
  }

  @Test
  void knowsThatItLostStateEvenWhenFirstSeenEmptyOrLeaving() {
    var empty = accepted(OPENING.on(new StateSeen(state(5, 0, 0)))).next();
    assertThat(accepted(empty.on(new StateSeen(state(6, 100, 1)))).next()).isInstanceOf(Lost.class);
    var leaving = accepted(OPENING.on(new WithdrawalSeen(withdrawal(7)))).next();
    assertThat(accepted(leaving.on(new StateSeen(with(state(8, 100, 1), withdrawal(7))))).next())
        .isInstanceOf(Lost.class);
  }

  @Test
  void remembersThatItServedAChannelWhoseMoneyWentAway() {
    var served = Account.EMPTY.charge(signed(ALICE, 5), amount(0), at(0));
    assertThat(accepted(new Open(served).on(new StateSeen(state(6, 100, 5)))).next())
        .isInstanceOf(Open.class);
    var refunded = Account.EMPTY.reserveRefund(amount(9), at(0));
    assertThat(accepted(new Open(refunded).on(new StateSeen(withNonce(state(6, 9, 0), 1)))).next())
        .isInstanceOf(Open.class);
  }

  @Test
  void isWithdrawingWhenThePayerArmedAWithdrawalFirst() {
    var decision = accepted(OPENING.on(new StateSeen(with(state(8, 100, 0), withdrawal(7)))));
    assertThat(decision.next()).isInstanceOf(Withdrawing.class);
    assertThat(decision.effects())
        .containsExactly(new Deposited(amount(100)), new Frozen(withdrawal(7)));
    assertThat(accepted(OPENING.on(new WithdrawalSeen(withdrawal(7)))).next())
        .isEqualTo(new Withdrawing(Account.EMPTY, withdrawal(7)));
  }
}
