package millrace.watchtower.merchant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import millrace.chain.contract.PayeeReader.PayeeView;
import millrace.protocol.type.Amount;

/// What is to be done about the promises held, as one node sees the chain. The rule is here; that
/// a redemption too many does no harm but cost gas is the vault's doing.
sealed interface Verdict {
  enum Quiet {
    /// Everything promised is credited.
    COVERED,
    /// There is something, and no reason to take it oneself.
    WAITING,
    /// There is something, and it is too little to pay for.
    TOO_LITTLE,
    /// The vault would pay on none of the keys.
    NO_KEY,
    /// The vault was never told of the payee.
    UNKNOWN_PAYEE,
    /// The vault has nothing that is free.
    EMPTY_VAULT
  }

  enum Reason {
    TAKE_ANNOUNCED,
    KEY_REMOVED,
    HUB_SILENT,
    OVERDUE
  }

  record Wait(Quiet quiet, Amount uncredited) implements Verdict {
    /// Whether a person should look.
    boolean isAlarm() {
      return switch (quiet) {
        case COVERED, WAITING, TOO_LITTLE -> false;
        case NO_KEY, UNKNOWN_PAYEE, EMPTY_VAULT -> true;
      };
    }
  }

  /// @param gain what the vault would credit now
  /// @param deadline by when it must be mined, in seconds of the chain's clock, if there is a limit
  /// @param since when the time to the deadline began
  record Redeem(
      SignedPromise promise, Reason reason, Amount gain, long since, OptionalLong deadline)
      implements Verdict {
    /// How much of the time is over, from 0 to 1.
    double shareOver(long time) {
      if (deadline.isEmpty()) return 0;
      double length = Math.max(1, deadline.getAsLong() - since);
      return Math.clamp((time - since) / length, 0, 1);
    }
  }

  /// @param unheard for how long the hub has said nothing
  /// @param uncreditedFor for how long the vault owes more than it has credited
  static Verdict of(
      Held held, PayeeView view, Policy policy, Duration unheard, Duration uncreditedFor) {
    var best = held.best(view.keys(), view.time());
    var promised = best.map(SignedPromise::cumulative).orElseGet(held::highest);
    var uncredited = promised.minusOrZero(view.credited());
    if (uncredited.equals(Amount.ZERO)) return new Wait(Quiet.COVERED, uncredited);
    if (best.isEmpty()) return new Wait(Quiet.NO_KEY, uncredited);
    var promise = best.get();
    if (view.activeFrom() == 0) return new Wait(Quiet.UNKNOWN_PAYEE, uncredited);
    var gain = gain(promise, view);
    if (gain.equals(Amount.ZERO)) return new Wait(Quiet.EMPTY_VAULT, uncredited);
    if (policy.minimum().exceeds(gain)) return new Wait(Quiet.TOO_LITTLE, uncredited);
    return reason(promise, view, policy, unheard, uncreditedFor, gain)
        .orElseGet(() -> new Wait(Quiet.WAITING, uncredited));
  }

  private static Amount gain(SignedPromise promise, PayeeView view) {
    var gain = promise.cumulative().minusOrZero(view.credited()).min(view.free());
    return view.activeFrom() <= view.time() ? gain : gain.min(view.newPayeeCapLeft());
  }

  /// The nearest deadline goes first. Promises to others are not known here, so any take could
  /// reach what is ours.
  private static Optional<Verdict> reason(
      SignedPromise promise,
      PayeeView view,
      Policy policy,
      Duration unheard,
      Duration uncreditedFor,
      Amount gain) {
    var reasons = new ArrayList<Redeem>();
    long takeableFrom = view.takeAnnouncedAt() + view.delay();
    if (view.takeAnnouncedAt() != 0 && view.time() < takeableFrom + view.takeWindow()) {
      reasons.add(
          new Redeem(
              promise,
              Reason.TAKE_ANNOUNCED,
              gain,
              view.takeAnnouncedAt(),
              OptionalLong.of(takeableFrom)));
    }
    var key = Objects.requireNonNull(view.keys().get(promise.key()));
    if (key.until() != 0) {
      reasons.add(
          new Redeem(
              promise,
              Reason.KEY_REMOVED,
              gain,
              key.until() - view.delay(),
              OptionalLong.of(key.until())));
    }
    if (unheard.compareTo(policy.silence()) >= 0) {
      reasons.add(new Redeem(promise, Reason.HUB_SILENT, gain, view.time(), OptionalLong.empty()));
    }
    if (uncreditedFor.compareTo(policy.creditWithin()) >= 0) {
      reasons.add(new Redeem(promise, Reason.OVERDUE, gain, view.time(), OptionalLong.empty()));
    }
    return reasons.stream()
        .min(Comparator.comparingLong(r -> r.deadline().orElse(Long.MAX_VALUE)))
        .map(Verdict.class::cast);
  }

  /// How much this has to happen before that, for views of several nodes: the one that asks for
  /// most is acted on.
  static Verdict moreUrgent(Verdict one, Verdict other) {
    if (!(one instanceof Redeem first)) return other instanceof Redeem ? other : one;
    if (!(other instanceof Redeem second)) return one;
    return first.deadline().orElse(Long.MAX_VALUE) <= second.deadline().orElse(Long.MAX_VALUE)
        ? one
        : other;
  }
}
