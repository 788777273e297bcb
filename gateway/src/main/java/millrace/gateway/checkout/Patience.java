package millrace.gateway.checkout;

import java.time.Duration;

/// A bounded wait with growing pauses. Measured by a clock that nobody sets.
final class Patience {
  private static final long LONGEST_PAUSE_MILLIS = 200;

  private final long endNanos;
  private long pauseMillis = 10;

  private Patience(long endNanos) {
    this.endNanos = endNanos;
  }

  static Patience of(Duration wait) {
    return new Patience(System.nanoTime() + wait.toNanos());
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  /// False when the time is over, or somebody wants this thread to end.
  boolean pause() {
    long leftMillis = left().toMillis();
    if (leftMillis == 0) return false;
    try {
      Thread.sleep(Math.min(pauseMillis, leftMillis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    return true;
  }
}
