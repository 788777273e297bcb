package millrace.watchtower.merchant;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Amount;

/// What the hub owes longest: it had promised so much at that time, and has not credited it since.
record Due(Amount promised, Instant since) {
  static Optional<Due> next(Optional<Due> last, Amount promised, Amount credited, Instant now) {
    if (!promised.exceeds(credited)) return Optional.empty();
    return last.filter(due -> due.promised().exceeds(credited))
        .or(() -> Optional.of(new Due(promised, now)));
  }

  Duration age(Instant now) {
    return Duration.between(since, now);
  }
}
