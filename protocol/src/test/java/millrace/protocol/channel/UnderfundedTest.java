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
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.Deposited;
import millrace.protocol.channel.Effect.RelayDeposit;
import millrace.protocol.channel.Effect.Withdrawn;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import org.junit.jupiter.api.Test;

class UnderfundedTest {
  private static final Account ACCOUNT = account(40, 20, 42);
  private static final Underfunded SHORT = new Underfunded(ACCOUNT);

  @Test
  void beginsWhenTheChainHoldsLessThanThePayerOwes() {
    var decision = accepted(new Open(account(100, 20, 42)).on(new StateSeen(state(101, 41, 20))));
    assertThat(decision.next()).isInstanceOf(Underfunded.class);
    assertThat(decision.next().account().shortfall()).isEqualTo(amount(1));
    assertThat(decision.effects()).containsExactly(new Withdrawn(amount(59)));
    assertThat(accepted(new Open(account(100, 20, 42)).on(new StateSeen(state(101, 42, 20)))))
        .extracting(Accepted::next)
        .isInstanceOf(Open.class);
  }

  @Test
  void servesNothing() {
    var refused = new Refused(Refusal.SHORTFALL);
    assertThat(SHORT.on(new VoucherReceived(voucher(43), payment(1), amount(1), at(0))))
        .isEqualTo(refused);
    assertThat(SHORT.on(new ReservationRequested(voucher(43), payment(1), amount(1), at(0), at(1))))
        .isEqualTo(refused);
    assertThat(SHORT.on(new RefundReceived(voucher(42), Optional.empty(), POLICY, at(0))))
        .isEqualTo(refused);
  }

  @Test
  void chargesNothingThatWasHeld() {
    var serving = new Underfunded(held(ACCOUNT, 43, 1, 30));
    assertThat(serving.on(new CaptureRequested(payment(1), amount(1), at(0))))
        .isEqualTo(new Refused(Refusal.EXCEEDS_BALANCE));
  }

  @Test
  void relaysADepositAndOpensWhenItCoversTheDebt() {
    assertThat(SHORT.on(new DepositReceived(amount(2))))
        .isEqualTo(new Accepted(SHORT, List.of(new RelayDeposit(amount(2)))));
    assertThat(accepted(SHORT.on(new StateSeen(state(101, 41, 20)))).next())
        .isInstanceOf(Underfunded.class);
    var decision = accepted(SHORT.on(new StateSeen(state(101, 42, 20))));
    assertThat(decision.next()).isInstanceOf(Open.class);
    assertThat(decision.effects()).containsExactly(new Deposited(amount(2)));
  }
}
