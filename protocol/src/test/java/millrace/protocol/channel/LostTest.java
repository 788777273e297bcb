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
import static millrace.protocol.channel.Samples.withdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.CeilingPublished;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.RefundFailed;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.channel.Input.ReleaseRequested;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.channel.Input.WithdrawalSeen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LostTest {
  private static final Account ACCOUNT = account(100, 20, 20);
  private static final Lost LOST = new Lost(ACCOUNT);

  static List<Input> wishes() {
    return List.of(
        new VoucherReceived(voucher(21), payment(1), amount(1), at(0)),
        new ReservationRequested(voucher(21), payment(1), amount(1), at(0), at(1)),
        new CaptureRequested(payment(1), amount(1), at(0)),
        new ReleaseRequested(payment(1)),
        new RefundReceived(voucher(20), Optional.empty(), POLICY, at(0)),
        new DepositReceived(amount(1)));
  }

  @ParameterizedTest
  @MethodSource("wishes")
  void staysShutWhateverIsAsked(Input wish) {
    assertThat(new Lost(held(ACCOUNT, 21, 1, 30)).on(wish))
        .isEqualTo(new Refused(Refusal.STATE_LOST));
  }

  @Test
  void keepsTheChainsFiguresAndPostsNothing() {
    var decision = accepted(LOST.on(new StateSeen(state(101, 70, 30))));
    assertThat(decision.next()).isInstanceOf(Lost.class);
    assertThat(decision.next().account().balance()).isEqualTo(amount(70));
    assertThat(decision.next().account().claimed()).isEqualTo(amount(30));
    assertThat(decision.effects()).isEmpty();
    assertThat(LOST.on(new RefundSeen(amount(1), state(101, 70, 30)))).isEqualTo(decision);
  }

  @Test
  void isNotMovedByTheRest() {
    for (Input fact :
        List.of(
            new WithdrawalSeen(withdrawal(120)),
            new CeilingPublished(amount(30)),
            new RefundFailed(amount(1)))) {
      assertThat(LOST.on(fact)).isEqualTo(Accepted.unchanged(LOST));
    }
  }
}
