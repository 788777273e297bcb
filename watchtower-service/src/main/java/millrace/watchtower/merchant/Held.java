package millrace.watchtower.merchant;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.chain.contract.PayeeReader.PromiseKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// The promises that are held: of each key the highest. Only the chain knows which keys count, and
/// that changes, so a promise of one key never pushes out that of another.
record Held(List<SignedPromise> promises) {
  static final Held NOTHING = new Held(List.of());

  /// A vault has few keys. Whoever signs with more than that is up to something.
  static final int MAX_KEYS = 16;

  Held {
    promises = List.copyOf(promises);
  }

  /// What becomes of a promise that has come.
  sealed interface Intake {
    /// @param doubt what is odd about it all the same
    record Taken(Held held, Optional<String> doubt) implements Intake {}

    /// It is held already.
    record Known() implements Intake {}

    /// It is not one that could be paid, or worse than what is held.
    record Refused(String reason) implements Intake {}
  }

  Intake take(SignedPromise promise, Terms terms) {
    var fault = terms.fault(promise);
    if (fault.isPresent()) return new Intake.Refused(fault.get());
    var byKey = new LinkedHashMap<Address, SignedPromise>();
    promises.forEach(old -> byKey.put(old.key(), old));
    var last = byKey.put(promise.key(), promise);
    if (last != null && last.cumulative().equals(promise.cumulative())) return new Intake.Known();
    if (last != null && last.cumulative().exceeds(promise.cumulative())) {
      return new Intake.Refused(lower(promise, last.cumulative()));
    }
    if (byKey.size() > MAX_KEYS) return new Intake.Refused("the promise of too many a key");
    var doubt =
        Optional.of(highest())
            .filter(highest -> highest.exceeds(promise.cumulative()))
            .map(highest -> lower(promise, highest));
    return new Intake.Taken(new Held(List.copyOf(byKey.values())), doubt);
  }

  private static String lower(SignedPromise promise, Amount before) {
    return "less than before, %s after %s".formatted(promise.cumulative(), before);
  }

  Set<Address> keys() {
    return promises.stream().map(SignedPromise::key).collect(Collectors.toSet());
  }

  Amount highest() {
    return highest(promises).map(SignedPromise::cumulative).orElse(Amount.ZERO);
  }

  /// The highest that the vault would pay on at that time.
  Optional<SignedPromise> best(Map<Address, PromiseKey> keys, long time) {
    return highest(
        promises.stream()
            .filter(
                promise -> keys.getOrDefault(promise.key(), PromiseKey.UNKNOWN).isHonouredAt(time))
            .toList());
  }

  /// Of two equal ones that whose key lasts longer would do better; either pays.
  private static Optional<SignedPromise> highest(Collection<SignedPromise> some) {
    return some.stream().max(Comparator.comparing(SignedPromise::cumulative));
  }
}
