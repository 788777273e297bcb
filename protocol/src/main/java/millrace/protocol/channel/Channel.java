package millrace.protocol.channel;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.Released;
import millrace.protocol.channel.Effect.Thawed;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.CeilingPublished;
import millrace.protocol.channel.Input.CreditGiven;
import millrace.protocol.channel.Input.EarlyCreditGranted;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Input.HoldEndRequested;
import millrace.protocol.channel.Input.RefundFailed;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.channel.Input.ReleaseRequested;
import millrace.protocol.channel.Input.ReturnFailed;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.WithdrawalSeen;
import millrace.protocol.type.Amount;

/// A channel as the hub knows it. `(state, input) -> state and effects, or a refusal`: no clock,
/// no key, no store. Records live for ever; a refunded channel can be funded again under its id.
@CheckReturnValue
public sealed interface Channel permits Opening, Open, Withdrawing, Underfunded, Lost {
  Account account();

  Decision on(Input input);

  /// The state that these facts put a known channel in.
  static Channel of(Account account, Optional<PendingWithdrawal> withdrawal) {
    if (withdrawal.isPresent()) return new Withdrawing(account, withdrawal.get());
    if (account.charged().exceeds(account.backing())) return new Underfunded(account);
    boolean isFunded = !account.isUntouched() || account.early().isPresent();
    return isFunded ? new Open(account) : new Opening(account);
  }

  /// Inputs that every state takes alike: what the chain says is always recordable, and a payment
  /// whose service has begun may still be charged or let go.
  static Decision record(Channel channel, Optional<PendingWithdrawal> pending, Fact fact) {
    var account = channel.account();
    return switch (fact) {
      case StateSeen(var state) -> observed(account, pending, state);
      case WithdrawalSeen(var withdrawal) -> withdrawalSeen(channel, pending, withdrawal);
      case EarlyCreditGranted(var credit) -> credit(channel, pending, credit);
      case CeilingPublished(var ceiling) ->
          new Accepted(of(account.publish(ceiling), pending), List.of());
      case RefundSeen(var reserved, var after) ->
          observed(lessReserved(account, reserved), pending, after);
      case RefundFailed(var reserved) ->
          new Accepted(of(lessReserved(account, reserved), pending), List.of());
      case CaptureRequested capture -> capture(account, pending, capture);
      case HoldEndRequested ended -> endHold(account, pending, ended);
      case CreditGiven(var amount) -> {
        var next = account.giveBack(amount);
        yield new Accepted(
            of(next, pending), List.of(new Effect.GivenBack(amount, next.sequence())));
      }
      case ReturnFailed(var amount) -> {
        var next = account.undoReturn(amount);
        yield new Accepted(
            of(next, pending), List.of(new Effect.ReturnUndone(amount, next.sequence())));
      }
      case ReleaseRequested(var payment) ->
          account.reservation().filter(held -> held.payment().equals(payment)).isPresent()
              ? new Accepted(
                  of(account.reserve(Optional.empty()), pending), List.of(new Released(payment)))
              : new Refused(Refusal.NO_RESERVATION);
    };
  }

  /// Only until a final block tells, only one at a time, and never while the payer leaves.
  private static Decision credit(
      Channel channel, Optional<PendingWithdrawal> pending, EarlyCredit credit) {
    var account = channel.account();
    boolean isOver = credit.block() <= account.seenBlock();
    return isOver || account.early().isPresent() || pending.isPresent()
        ? Accepted.unchanged(channel)
        : new Accepted(of(account.credit(credit), pending), List.of());
  }

  private static Account lessReserved(Account account, Amount reserved) {
    return account.reserveRefund(
        account.reservedRefund().minusOrZero(reserved), account.lastRefundAt());
  }

  /// A withdrawal seen in a newer block than this one stands, whatever this one says: it goes only
  /// when a final block, not older than the one it was seen in, shows that it has gone.
  private static Decision observed(
      Account account, Optional<PendingWithdrawal> pending, ChainState state) {
    if (state.block() < account.seenBlock()) {
      return new Accepted(of(account, pending), List.of());
    }
    if (account.isUntouched() && hasHistory(state)) {
      return new Accepted(new Lost(account.observe(state).account()), List.of());
    }
    var observed = account.observe(state);
    var effects = new ArrayList<>(observed.effects());
    boolean isNewer = pending.filter(seen -> seen.block() > state.block()).isPresent();
    var next = isNewer ? pending : state.withdrawal();
    if (pending.isEmpty() && next.isPresent()) effects.add(new Effect.Frozen(next.get()));
    if (pending.isPresent() && next.isEmpty()) effects.add(new Thawed());
    return new Accepted(of(observed.account(), next), List.copyOf(effects));
  }

  /// The chain knows the channel better than we do: vouchers that were signed before would be
  /// forgotten if it started again at what was claimed.
  private static boolean hasHistory(ChainState state) {
    return !state.claimed().isZero() || state.refundNonce().signum() > 0;
  }

  private static Decision withdrawalSeen(
      Channel channel, Optional<PendingWithdrawal> pending, PendingWithdrawal withdrawal) {
    boolean known = pending.isPresent() && pending.get().block() >= withdrawal.block();
    boolean stale = withdrawal.block() <= channel.account().seenBlock() && pending.isEmpty();
    if (known || stale) return Accepted.unchanged(channel);
    return new Accepted(
        new Withdrawing(channel.account(), withdrawal), List.of(new Effect.Frozen(withdrawal)));
  }

  /// Charges for service already rendered, even when the payer has begun to leave meanwhile: its
  /// voucher is valid and the tower still has time to claim it. What changed since the price was
  /// held may refuse it: the hold ran out, a claim above the charge used the voucher up, or the
  /// money has gone. The answer to the payer is not sent yet, so nothing was given away.
  private static Decision capture(
      Account account, Optional<PendingWithdrawal> pending, CaptureRequested capture) {
    var reservation = account.reservation();
    if (reservation.isEmpty()
        || !reservation.get().payment().equals(capture.payment())
        || !reservation.get().isLiveAt(capture.at())) {
      return new Refused(Refusal.NO_RESERVATION);
    }
    var held = reservation.get();
    if (capture.amount().exceeds(held.price())) {
      throw new IllegalStateException("captured above the reserved price");
    }
    var ceiling = held.voucher().voucher().ceiling();
    // Also for nothing: the voucher that is kept has to cover what is charged.
    var anew = capture.amount().minus(account.fromCredit(capture.amount()));
    if (account.charged().exceeds(ceiling)
        || anew.exceeds(ceiling.minusOrZero(account.charged()))) {
      return new Refused(Refusal.CUMULATIVE_MISMATCH);
    }
    if (ceiling.exceeds(account.backing().minusOrZero(account.reservedRefund()))) {
      return new Refused(Refusal.EXCEEDS_BALANCE);
    }
    var next = account.charge(held.voucher(), capture.amount(), capture.at());
    return new Accepted(
        of(next, pending),
        List.of(
            new Effect.Charged(
                capture.payment(),
                capture.amount(),
                account.fromCredit(capture.amount()),
                next.charged(),
                next.sequence(),
                held.voucher())));
  }

  /// The money was charged when the hold began, so nothing that happened since refuses its end: a
  /// payer that is leaving cannot take what the newest voucher covers before the tower claims it.
  private static Decision endHold(
      Account account, Optional<PendingWithdrawal> pending, HoldEndRequested ended) {
    if (ended.captured().exceeds(ended.held()) || ended.held().exceeds(account.held())) {
      throw new IllegalStateException("captured more than is held");
    }
    var next = account.endHold(ended.held(), ended.captured());
    return new Accepted(
        of(next, pending),
        List.of(
            new Effect.HoldEnded(
                ended.payment(),
                ended.captured(),
                ended.held().minus(ended.captured()),
                next.sequence())));
  }
}
