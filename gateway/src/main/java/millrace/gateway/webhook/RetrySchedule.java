package millrace.gateway.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When a message that was not taken is sent again. The jitter only ever adds, so that endpoints
/// which failed together do not come back together.
///
/// @param delays before the second attempt, the third, and so on
record RetrySchedule(List<Duration> delays) {
  private static final double MOST_JITTER = 0.2;

  RetrySchedule {
    delays = List.copyOf(delays);
  }

  /// Empty when this was the last attempt.
  ///
  /// @param attempt that failed, from 1
  /// @param chance from 0 to 1
  Optional<Duration> afterAttempt(int attempt, double chance) {
    if (attempt > delays.size()) return Optional.empty();
    var delay = delays.get(attempt - 1);
    return Optional.of(delay.plusMillis(Math.round(delay.toMillis() * MOST_JITTER * chance)));
  }
}
