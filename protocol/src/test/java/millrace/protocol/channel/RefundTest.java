package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.POLICY;
import static millrace.protocol.channel.Samples.accepted;
import static millrace.protocol.channel.Samples.account;
import static millrace.protocol.channel.Samples.amount;
import static millrace.protocol.channel.Samples.at;
import static millrace.protocol.channel.Samples.held;
import static millrace.protocol.channel.Samples.payment;
import static millrace.protocol.channel.Samples.signed;
import static millrace.protocol.channel.Samples.state;
import static millrace.protocol.channel.Samples.voucher;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.RefundReserved;
import millrace.protocol.channel.Effect.Released;
import millrace.protocol.channel.Effect.Withdrawn;
import millrace.protocol.channel.Input.RefundFailed;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

class RefundTest {
  private static final Account ACCOUNT = account(100, 20, 42);
  private static final Open OPEN = new Open(ACCOUNT);

  private static RefundReceived refund(long ceiling, Optional<Amount> amount) {
    return new RefundReceived(voucher(ceiling), amount, POLICY, at(0));
  }

  private static RefundReceived refund(long amount) {
    return refund(42, Optional.of(amount(amount)));
  }

  @Test
  void setsAsideWhatWasAskedFor() {
    assertThat(OPEN.on(refund(30)))
        .isEqualTo(
            new Accepted(
                new Open(ACCOUNT.reserveRefund(amount(30), at(0))),
                List.of(new RefundReserved(signed(ALICE, 42), amount(42), amount(30)))));
  }

  @Test
  void givesBackAllThatIsUnspentWhenNoAmountIsNamed() {
    var decision = accepted(OPEN.on(refund(42, Optional.empty())));
    assertThat(decision.effects())
        .containsExactly(new RefundReserved(signed(ALICE, 42), amount(42), amount(58)));
    assertThat(decision.next().account().spendable()).isEqualTo(Amount.ZERO);
    assertThat(decision.next().account().charged()).isEqualTo(amount(42));
  }

  @Test
  void refusesAVoucherWhoseCeilingIsNotTheCharge() {
    assertThat(OPEN.on(refund(43, Optional.empty())))
        .isEqualTo(new Refused(Refusal.CUMULATIVE_MISMATCH));
    assertThat(OPEN.on(refund(41, Optional.empty())))
        .isEqualTo(new Refused(Refusal.CUMULATIVE_MISMATCH));
  }

  @Test
  void refusesWhileAPaymentIsServed() {
    assertThat(new Open(held(ACCOUNT, 50, 8, 1)).on(refund(30)))
        .isEqualTo(new Refused(Refusal.BUSY));
  }

  @Test
  void endsAHoldThatRanOutSoThatItsMoneyIsNotPromisedTwice() {
    var decision = accepted(new Open(held(ACCOUNT, 50, 8, 0)).on(refund(58)));
    assertThat(decision.effects()).first().isEqualTo(new Released(payment(1)));
    assertThat(decision.next().account().reservation()).isEmpty();
  }

  @Test
  void refusesWhenNothingIsLeft() {
    assertThat(new Open(account(42, 0, 42)).on(refund(42, Optional.empty())))
        .isEqualTo(new Refused(Refusal.REFUND_NO_BALANCE));
  }

  @Test
  void refusesMoreThanIsUnspent() {
    assertThat(OPEN.on(refund(58))).isInstanceOf(Accepted.class);
    assertThat(OPEN.on(refund(59))).isEqualTo(new Refused(Refusal.REFUND_AMOUNT_INVALID));
  }

  @Test
  void refusesLessThanIsWorthItsGas() {
    assertThat(OPEN.on(refund(5))).isInstanceOf(Accepted.class);
    assertThat(OPEN.on(refund(4))).isEqualTo(new Refused(Refusal.REFUND_AMOUNT_INVALID));
  }

  @Test
  void refusesToRefundNothingEvenWhenThereIsNoMinimum() {
    var policy = new Input.RefundPolicy(Amount.ZERO, POLICY.idle(), POLICY.interval());
    assertThat(OPEN.on(new RefundReceived(voucher(42), Optional.of(Amount.ZERO), policy, at(0))))
        .isEqualTo(new Refused(Refusal.REFUND_AMOUNT_INVALID));
  }

  @Test
  void refusesASecondRefundWhileOneIsUnderWay() {
    var open = new Open(ACCOUNT.reserveRefund(amount(10), at(-3 * 86_400)));
    assertThat(open.on(refund(30))).isEqualTo(new Refused(Refusal.REFUND_TOO_SOON));
  }

  @Test
  void refusesWhilePaymentsFlow() {
    var charge = signed(ALICE, 42);
    var paid = new Open(ACCOUNT.charge(charge, Amount.ZERO, at(-599)));
    assertThat(paid.on(refund(30))).isEqualTo(new Refused(Refusal.REFUND_TOO_SOON));
    var idle = new Open(ACCOUNT.charge(charge, Amount.ZERO, at(-600)));
    assertThat(idle.on(refund(30))).isInstanceOf(Accepted.class);
  }

  @Test
  void refusesASecondRefundWithinTheInterval() {
    var soon = new Open(ACCOUNT.reserveRefund(Amount.ZERO, at(-86_399)));
    assertThat(soon.on(refund(30))).isEqualTo(new Refused(Refusal.REFUND_TOO_SOON));
    var later = new Open(ACCOUNT.reserveRefund(Amount.ZERO, at(-86_400)));
    assertThat(later.on(refund(30))).isInstanceOf(Accepted.class);
  }

  @Test
  void endsTheReservationWhenTheRefundIsOnChain() {
    var open = new Open(ACCOUNT.reserveRefund(amount(30), at(-10)));
    var decision = accepted(open.on(new RefundSeen(amount(30), state(101, 70, 42))));
    assertThat(decision.effects())
        .containsExactly(new Withdrawn(amount(30)), new Effect.Claimed(amount(22)));
    assertThat(decision.next().account().reservedRefund()).isEqualTo(Amount.ZERO);
    assertThat(decision.next().account().spendable()).isEqualTo(amount(28));
    assertThat(decision.next().account().lastRefundAt()).isEqualTo(at(-10));
  }

  @Test
  void endsTheReservationEvenWhenANewerBlockWasSeenBefore() {
    var open = new Open(ACCOUNT.reserveRefund(amount(30), at(-10)));
    var decision = accepted(open.on(new RefundSeen(amount(30), state(99, 70, 42))));
    assertThat(decision.effects()).isEmpty();
    assertThat(decision.next()).isEqualTo(new Open(ACCOUNT.reserveRefund(Amount.ZERO, at(-10))));
  }

  @Test
  void freesTheMoneyOfARefundThatWillNotHappen() {
    var open = new Open(ACCOUNT.reserveRefund(amount(30), at(-10)));
    assertThat(open.on(new RefundFailed(amount(30))))
        .isEqualTo(new Accepted(new Open(ACCOUNT.reserveRefund(Amount.ZERO, at(-10))), List.of()));
  }
}
