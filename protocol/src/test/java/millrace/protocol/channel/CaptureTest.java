package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.accepted;
import static millrace.protocol.channel.Samples.account;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.at;
import static millrace.protocol.channel.Samples.held;
import static millrace.protocol.channel.Samples.payment;
import static millrace.protocol.channel.Samples.signed;
import static millrace.protocol.channel.Samples.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.Charged;
import millrace.protocol.channel.Effect.Released;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.ReleaseRequested;
import millrace.protocol.channel.Input.StateSeen;
import org.junit.jupiter.api.Test;

/// How a held payment ends.
class CaptureTest {
  private static final Account ACCOUNT = account(100, 20, 42);
  private static final Open HELD = new Open(held(ACCOUNT, 54, 12, 30));

  private static CaptureRequested capture(int payment, long amount, long at) {
    return new CaptureRequested(payment(payment), amount(amount), at(at));
  }

  @Test
  void chargesWhatTheServiceCost() {
    assertThat(HELD.on(capture(1, 5, 29)))
        .isEqualTo(
            new Accepted(
                new Open(ACCOUNT.charge(signed(ALICE, 54), amount(5), at(29))),
                List.of(
                    new Charged(
                        payment(1), amount(5), amount(0), amount(47), 8, signed(ALICE, 54)))));
  }

  @Test
  void chargesUpToThePriceAndDownToNothing() {
    assertThat(accepted(HELD.on(capture(1, 12, 0))).next().account().charged())
        .isEqualTo(amount(54));
    assertThat(accepted(HELD.on(capture(1, 0, 0))).next().account().charged())
        .isEqualTo(amount(42));
  }

  @Test
  void neverChargesMoreThanThePrice() {
    assertThatThrownBy(() -> HELD.on(capture(1, 13, 0))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesWithoutAHoldOfThatPayment() {
    assertThat(new Open(ACCOUNT).on(capture(1, 5, 0)))
        .isEqualTo(new Refused(Refusal.NO_RESERVATION));
    assertThat(HELD.on(capture(2, 5, 0))).isEqualTo(new Refused(Refusal.NO_RESERVATION));
  }

  @Test
  void refusesAfterTheHoldRanOut() {
    assertThat(HELD.on(capture(1, 5, 30))).isEqualTo(new Refused(Refusal.NO_RESERVATION));
  }

  @Test
  void refusesToGoPastTheCeilingAfterAClaimAboveTheCharge() {
    var overclaimed = accepted(HELD.on(new StateSeen(state(101, 100, 54)))).next();
    assertThat(overclaimed.on(capture(1, 5, 0)))
        .isEqualTo(new Refused(Refusal.CUMULATIVE_MISMATCH));
  }

  @Test
  void whatWasClaimedAboveTheChargePaysForTheCapture() {
    var overclaimed = accepted(HELD.on(new StateSeen(state(101, 100, 50)))).next();
    var after = accepted(overclaimed.on(capture(1, 12, 0))).next().account();
    assertThat(after.charged()).isEqualTo(amount(54));
    assertThat(after.credit()).isEqualTo(amount(0));
    assertThat(after.due()).isEqualTo(amount(54));
  }

  /// The voucher would be kept as the newest, and cover less than was charged.
  @Test
  void refusesToCaptureEvenNothingByAVoucherThatAClaimHasPassed() {
    var overclaimed = accepted(HELD.on(new StateSeen(state(101, 100, 55)))).next();
    assertThat(overclaimed.on(capture(1, 0, 0)))
        .isEqualTo(new Refused(Refusal.CUMULATIVE_MISMATCH));
  }

  @Test
  void refusesWhenTheMoneyHasGone() {
    var drained = accepted(HELD.on(new StateSeen(state(101, 53, 20)))).next();
    assertThat(drained.on(capture(1, 5, 0))).isEqualTo(new Refused(Refusal.EXCEEDS_BALANCE));
    var enough = accepted(HELD.on(new StateSeen(state(101, 54, 20)))).next();
    assertThat(enough.on(capture(1, 5, 0))).isInstanceOf(Accepted.class);
  }

  @Test
  void refusesToSpendWhatIsReservedForARefund() {
    var account = held(ACCOUNT.reserveRefund(amount(46), at(-1)), 54, 12, 30);
    assertThat(new Open(account).on(capture(1, 5, 0))).isInstanceOf(Accepted.class);
    var drained = accepted(new Open(account).on(new StateSeen(state(101, 99, 20)))).next();
    assertThat(drained.on(capture(1, 5, 0))).isEqualTo(new Refused(Refusal.EXCEEDS_BALANCE));
  }

  @Test
  void letsTheHoldGoWithoutACharge() {
    assertThat(HELD.on(new ReleaseRequested(payment(1))))
        .isEqualTo(new Accepted(new Open(ACCOUNT), List.of(new Released(payment(1)))));
  }

  @Test
  void letsNoOtherHoldGo() {
    assertThat(HELD.on(new ReleaseRequested(payment(2))))
        .isEqualTo(new Refused(Refusal.NO_RESERVATION));
    assertThat(new Open(ACCOUNT).on(new ReleaseRequested(payment(1))))
        .isEqualTo(new Refused(Refusal.NO_RESERVATION));
  }
}
