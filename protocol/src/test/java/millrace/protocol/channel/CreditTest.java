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

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.Charged;
import millrace.protocol.channel.Effect.GivenBack;
import millrace.protocol.channel.Effect.Held;
import millrace.protocol.channel.Effect.HoldEnded;
import millrace.protocol.channel.Input.CreditGiven;
import millrace.protocol.channel.Input.HoldEndRequested;
import millrace.protocol.channel.Input.HoldReceived;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.channel.Input.WithdrawalSeen;
import org.junit.jupiter.api.Test;

class CreditTest {
  private static final Open OPEN = new Open(account(100, 20, 42));

  @Test
  void aHoldIsChargedAtOnceAndNotDue() {
    var decision = accepted(OPEN.on(new HoldReceived(voucher(52), payment(1), amount(10), at(0))));
    var after = decision.next().account();
    assertThat(decision.effects())
        .containsExactly(
            new Held(payment(1), amount(10), amount(0), amount(52), 8, voucher(52).signed()));
    assertThat(after.charged()).isEqualTo(amount(52));
    assertThat(after.held()).isEqualTo(amount(10));
    assertThat(after.due()).isEqualTo(amount(42));
    assertThat(after.claimTarget()).isEqualTo(amount(42));
  }

  @Test
  void aHoldIsAdmittedLikeAPayment() {
    assertThat(OPEN.on(new HoldReceived(voucher(51), payment(1), amount(10), at(0))))
        .isEqualTo(new Refused(Refusal.CUMULATIVE_MISMATCH));
    assertThat(OPEN.on(new HoldReceived(voucher(101), payment(1), amount(59), at(0))))
        .isEqualTo(new Refused(Refusal.EXCEEDS_BALANCE));
    var leaving = new Withdrawing(OPEN.account(), withdrawal(101));
    assertThat(leaving.on(new HoldReceived(voucher(52), payment(1), amount(10), at(0))))
        .isEqualTo(new Refused(Refusal.WITHDRAWAL_PENDING));
  }

  @Test
  void whatIsNotCapturedIsThePayersCreditAndChargedStays() {
    var ended = accepted(held(10).on(new HoldEndRequested(payment(1), amount(10), amount(3))));
    var after = ended.next().account();
    assertThat(ended.effects()).containsExactly(new HoldEnded(payment(1), amount(3), amount(7), 9));
    assertThat(after.charged()).isEqualTo(amount(52));
    assertThat(after.held()).isEqualTo(amount(0));
    assertThat(after.credit()).isEqualTo(amount(7));
    assertThat(after.due()).isEqualTo(amount(45));
  }

  @Test
  void aHoldMayBeCapturedWhileThePayerIsLeaving() {
    var leaving = accepted(held(10).on(new WithdrawalSeen(withdrawal(101)))).next();
    var ended = accepted(leaving.on(new HoldEndRequested(payment(1), amount(10), amount(10))));
    assertThat(ended.next()).isInstanceOf(Withdrawing.class);
    assertThat(ended.next().account().claimTarget()).isEqualTo(amount(52));
  }

  @Test
  void moreThanIsHeldIsNeverCaptured() {
    assertThatThrownBy(() -> held(10).on(new HoldEndRequested(payment(1), amount(10), amount(11))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> held(10).on(new HoldEndRequested(payment(1), amount(11), amount(11))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void thePayersNextPaymentsUseCreditUpAndEachChargesAtLeastOneUnit() {
    var first = accepted(credited(7).on(pay(47, 5)));
    assertThat(charged(first)).isEqualTo(charged(5, 4, 43, 9, 47));
    assertThat(first.next().account().credit()).isEqualTo(amount(3));

    var second = accepted(first.next().on(pay(48, 5)));
    assertThat(charged(second)).isEqualTo(charged(5, 3, 45, 10, 48));
    assertThat(second.next().account().credit()).isEqualTo(amount(0));

    var third = accepted(second.next().on(pay(50, 5)));
    assertThat(charged(third)).isEqualTo(charged(5, 0, 50, 11, 50));
    assertThat(third.next().account().due()).isEqualTo(amount(35 + 15));
  }

  @Test
  void aPriceOfOneUnitUsesNoCredit() {
    var paid = accepted(credited(7).on(pay(43, 1)));
    assertThat(charged(paid)).isEqualTo(charged(1, 0, 43, 9, 43));
    assertThat(paid.next().account().credit()).isEqualTo(amount(7));
  }

  @Test
  void aRefundLowersWhatIsClaimedAndNothingElse() {
    var given = accepted(OPEN.on(new CreditGiven(amount(7))));
    assertThat(given.effects()).containsExactly(new GivenBack(amount(7), 8));
    assertThat(given.next().account().charged()).isEqualTo(amount(42));
    assertThat(given.next().account().claimTarget()).isEqualTo(amount(35));
    assertThat(accepted(OPEN.on(new CreditGiven(amount(30)))).next().account().claimTarget())
        .as("what is claimed stays claimed")
        .isEqualTo(amount(20));
  }

  @Test
  void moreThanIsDueIsNeverGivenBack() {
    assertThatThrownBy(() -> held(10).on(new CreditGiven(amount(43))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatWasClaimedBeyondTheChargeIsThePayersCredit() {
    var after = accepted(OPEN.on(new StateSeen(state(101, 100, 50)))).next().account();
    assertThat(after.charged()).isEqualTo(amount(50));
    assertThat(after.credit()).isEqualTo(amount(8));
    assertThat(after.due()).isEqualTo(amount(42));
  }

  @Test
  void aPayersRefundClaimsOnlyWhatIsDue() {
    var asked = new RefundReceived(voucher(42), Optional.empty(), POLICY, at(0));
    var effects = accepted(credited(7).on(asked)).effects();
    assertThat(effects)
        .contains(new Effect.RefundReserved(voucher(42).signed(), amount(35), amount(58)));
  }

  @Test
  void creditThatWasWithdrawnIsNoLoss() {
    var after = accepted(credited(7).on(new StateSeen(state(101, 35, 20)))).next();
    assertThat(after).isInstanceOf(Underfunded.class);
    assertThat(after.account().exposure()).isEqualTo(amount(0));
  }

  @Test
  void aWithdrawalEndsHoldsWithinAQuarterOfTheDelay() {
    var delay = Duration.ofMinutes(15);
    var asked = withdrawal(101).finalizeAfterSeconds() - 900;
    var late = Instant.ofEpochSecond(asked + 10_000);
    var soon = Instant.ofEpochSecond(asked + 100);
    assertThat(HoldTerm.end(late, Optional.empty(), delay)).isEqualTo(late);
    assertThat(HoldTerm.end(late, Optional.of(withdrawal(101)), delay).getEpochSecond())
        .isEqualTo(asked + 225);
    assertThat(HoldTerm.end(soon, Optional.of(withdrawal(101)), delay)).isEqualTo(soon);
  }

  private static Channel held(long price) {
    var received = new HoldReceived(voucher(42 + price), payment(1), amount(price), at(0));
    return accepted(OPEN.on(received)).next();
  }

  private static Channel credited(long amount) {
    return accepted(OPEN.on(new CreditGiven(amount(amount)))).next();
  }

  private static VoucherReceived pay(long ceiling, long price) {
    return new VoucherReceived(voucher(ceiling), payment(2), amount(price), at(0));
  }

  private static Effect charged(Decision.Accepted decision) {
    return decision.effects().getLast();
  }

  private static Charged charged(
      long price, long fromCredit, long charged, long sequence, long ceiling) {
    return new Charged(
        payment(2),
        amount(price),
        amount(fromCredit),
        amount(charged),
        sequence,
        voucher(ceiling).signed());
  }
}
