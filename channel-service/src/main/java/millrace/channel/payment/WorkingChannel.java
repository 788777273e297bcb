package millrace.channel.payment;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import millrace.channel.book.ChannelRow;
import millrace.channel.book.Charge;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.Decision;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Effect;
import millrace.protocol.channel.Effect.Charged;
import millrace.protocol.channel.Effect.Held;
import millrace.protocol.channel.Effect.Reserved;
import millrace.protocol.channel.Input;
import millrace.protocol.channel.Input.HoldReceived;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.type.Amount;

/// One locked channel while the payments of a batch are applied to it, one after the other.
final class WorkingChannel {
  private final ChannelRow before;
  private ChannelRow row;
  private Optional<Amount> admitted = Optional.empty();
  private BigInteger payerGain = BigInteger.ZERO;
  private Amount earned = Amount.ZERO;
  private Amount held = Amount.ZERO;

  WorkingChannel(ChannelRow row) {
    this.before = row;
    this.row = row;
  }

  ChannelRow row() {
    return row;
  }

  Account account() {
    return row.account();
  }

  Decision apply(Input input) {
    return apply(input, decide(input));
  }

  /// What the rules say, before anything comes of it.
  Decision decide(Input input) {
    return row.channel().on(input);
  }

  Decision apply(Input input, Decision decision) {
    if (decision instanceof Accepted(var next, var effects)) {
      row = row.with(next);
      note(input, effects);
    }
    return decision;
  }

  private void note(Input input, List<Effect> effects) {
    for (var effect : effects) {
      if (effect instanceof Charged charged) {
        payerGain = payerGain.subtract(charged.amount().minus(charged.fromCredit()).units());
        earned = earned.plus(charged.amount());
      }
      if (effect instanceof Held hold) {
        payerGain = payerGain.subtract(hold.amount().minus(hold.fromCredit()).units());
        held = held.plus(hold.amount());
      }
      if (effect instanceof Charged || effect instanceof Held || effect instanceof Reserved) {
        switch (input) {
          case HoldReceived(var voucher, _, _, _) -> admit(voucher.ceiling());
          case VoucherReceived(var voucher, _, _, _) -> admit(voucher.ceiling());
          case ReservationRequested(var voucher, _, _, _, _) -> admit(voucher.ceiling());
          default -> {
            // A capture charges what was admitted before.
          }
        }
      }
    }
  }

  private void admit(Amount ceiling) {
    admitted = Optional.of(admitted.map(ceiling::max).orElse(ceiling));
  }

  boolean changed() {
    return !row.equals(before);
  }

  /// For the statement that stores it and checks it once more.
  ///
  /// @param exposable how much of it may be unguarded
  Charge charge(Optional<Amount> exposable) {
    return new Charge(before, row, admitted, exposable, payerGain, earned, held);
  }
}
