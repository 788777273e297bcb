package millrace.protocol.channel;

import static millrace.protocol.channel.Refusal.BELOW_CLAIMED;
import static millrace.protocol.channel.Refusal.BUSY;
import static millrace.protocol.channel.Refusal.CUMULATIVE_MISMATCH;
import static millrace.protocol.channel.Refusal.EXCEEDS_BALANCE;
import static millrace.protocol.channel.Refusal.REFUND_AMOUNT_INVALID;
import static millrace.protocol.channel.Refusal.REFUND_NO_BALANCE;
import static millrace.protocol.channel.Refusal.REFUND_TOO_SOON;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.Charged;
import millrace.protocol.channel.Effect.Held;
import millrace.protocol.channel.Effect.RefundReserved;
import millrace.protocol.channel.Effect.RelayDeposit;
import millrace.protocol.channel.Effect.Released;
import millrace.protocol.channel.Effect.Reserved;
import millrace.protocol.channel.Effect.ReturnBegun;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Input.HoldReceived;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.ReturnRequested;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.type.Amount;

/// The deposit is on chain; vouchers move it off chain.
public record Open(Account account) implements Channel {
  @Override
  public Decision on(Input input) {
    return switch (input) {
      case VoucherReceived received -> charge(received);
      case HoldReceived received -> hold(received);
      case ReservationRequested request -> reserve(request);
      case RefundReceived request -> refund(request);
      case ReturnRequested request -> giveBackOnChain(request);
      case DepositReceived(var amount) -> new Accepted(this, List.of(new RelayDeposit(amount)));
      case Fact fact -> Channel.record(this, Optional.empty(), fact);
    };
  }

  private Decision charge(VoucherReceived received) {
    var refusal = admit(received.voucher(), received.price(), received.at());
    if (refusal.isPresent()) return new Refused(refusal.get());
    var voucher = received.voucher().signed();
    var next = account.charge(voucher, received.price(), received.at());
    var effects = new ArrayList<Effect>();
    expired(received.at()).ifPresent(effects::add);
    effects.add(
        new Charged(
            received.payment(),
            received.price(),
            account.fromCredit(received.price()),
            next.charged(),
            next.sequence(),
            voucher));
    return new Accepted(new Open(next), List.copyOf(effects));
  }

  private Decision hold(HoldReceived received) {
    var refusal = admit(received.voucher(), received.price(), received.at());
    if (refusal.isPresent()) return new Refused(refusal.get());
    var voucher = received.voucher().signed();
    var next = account.hold(voucher, received.price(), received.at());
    var effects = new ArrayList<Effect>();
    expired(received.at()).ifPresent(effects::add);
    effects.add(
        new Held(
            received.payment(),
            received.price(),
            account.fromCredit(received.price()),
            next.charged(),
            next.sequence(),
            voucher));
    return new Accepted(new Open(next), List.copyOf(effects));
  }

  private Decision reserve(ReservationRequested request) {
    var refusal = admit(request.voucher(), request.price(), request.at());
    if (refusal.isPresent()) return new Refused(refusal.get());
    var reservation =
        new Reservation(
            request.payment(), request.voucher().signed(), request.price(), request.expiresAt());
    var effects = new ArrayList<Effect>();
    expired(request.at()).ifPresent(effects::add);
    effects.add(new Reserved(reservation));
    return new Accepted(new Open(account.reserve(Optional.of(reservation))), List.copyOf(effects));
  }

  /// The payer signs a ceiling of exactly one price above what it owes.
  private Optional<Refusal> admit(VerifiedVoucher voucher, Amount price, Instant at) {
    if (price.isZero()) throw new IllegalStateException("a price is at least one base unit");
    if (isBusy(at)) return Optional.of(BUSY);
    var ceiling = voucher.ceiling();
    if (!ceiling.exceeds(account.claimed())) return Optional.of(BELOW_CLAIMED);
    if (!ceiling.minusOrZero(account.charged()).equals(price)) {
      return Optional.of(CUMULATIVE_MISMATCH);
    }
    if (price.exceeds(account.spendable())) return Optional.of(EXCEEDS_BALANCE);
    return Optional.empty();
  }

  private boolean isBusy(Instant at) {
    return account.reservation().filter(held -> held.isLiveAt(at)).isPresent();
  }

  private Optional<Effect> expired(Instant at) {
    return account
        .reservation()
        .filter(held -> !held.isLiveAt(at))
        .map(held -> new Released(held.payment()));
  }

  private Decision refund(RefundReceived request) {
    if (isBusy(request.at())) return new Refused(BUSY);
    if (!request.voucher().ceiling().equals(account.charged())) {
      return new Refused(CUMULATIVE_MISMATCH);
    }
    if (account.refundable().isZero()) return new Refused(REFUND_NO_BALANCE);
    var amount = request.amount().orElse(account.refundable());
    if (amount.isZero()
        || amount.exceeds(account.refundable())
        || request.policy().minimum().exceeds(amount)) {
      return new Refused(REFUND_AMOUNT_INVALID);
    }
    if (!account.reservedRefund().isZero() || isTooSoon(request)) {
      return new Refused(REFUND_TOO_SOON);
    }
    var effects = new ArrayList<Effect>();
    expired(request.at()).ifPresent(effects::add);
    effects.add(new RefundReserved(request.voucher().signed(), account.claimTarget(), amount));
    return new Accepted(
        new Open(account.reserve(Optional.empty()).reserveRefund(amount, request.at())),
        List.copyOf(effects));
  }

  /// What payments may use stays what it was, so this waits for none of them. Whoever still claims
  /// what was due before takes the money first, and then it cannot leave.
  private Decision giveBackOnChain(ReturnRequested request) {
    var amount = request.amount();
    if (amount.isZero() || request.minimum().exceeds(amount)) {
      return new Refused(REFUND_AMOUNT_INVALID);
    }
    if (amount.exceeds(account.returnable())) return new Refused(REFUND_NO_BALANCE);
    var next = account.beginReturn(amount);
    var begun =
        new ReturnBegun(
            account.newest().orElseThrow(), next.claimTarget(), amount, next.sequence());
    return new Accepted(new Open(next), List.of(begun));
  }

  private boolean isTooSoon(RefundReceived request) {
    var policy = request.policy();
    return account.lastPaidAt().plus(policy.idle()).isAfter(request.at())
        || account.lastRefundAt().plus(policy.interval()).isAfter(request.at());
  }
}
