package millrace.gateway.hub;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// How many commands may share a call so that it is answered well within its time. On a machine
/// that has become slow a full batch would run out of time, and all its work be asked for again.
final class BatchLimit {
  private final int most;
  private final Duration slow;
  private final AtomicInteger now;

  /// @param slow a call that takes longer carried too much
  BatchLimit(int most, Duration slow) {
    this.most = most;
    this.slow = slow;
    this.now = new AtomicInteger(most);
  }

  int now() {
    return now.get();
  }

  /// Halves after a slow call, and grows by a quarter after a full one that was not.
  void took(int commands, Duration time) {
    if (time.compareTo(slow) > 0) {
      now.updateAndGet(limit -> Math.max(1, Math.min(limit, commands / 2)));
    } else {
      now.updateAndGet(limit -> commands < limit ? limit : Math.min(most, limit + 1 + limit / 4));
    }
  }
}
