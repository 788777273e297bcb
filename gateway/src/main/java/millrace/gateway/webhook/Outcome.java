package millrace.gateway.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of a run.
///
/// @param next when the lane goes on: empty for at once, or when the endpoint is tried again
/// @param givenUp whether the last attempt was the last of its message
record Outcome(Run run, List<Attempt> attempts, Optional<Instant> next, boolean givenUp) {
  /// Empty when the lane was left before anything was sent.
  Optional<Attempt> last() {
    return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.getLast());
  }
}
