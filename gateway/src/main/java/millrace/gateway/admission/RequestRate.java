package millrace.gateway.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// How many requests in a window one key may make of one gateway, or a route may take. What was
/// used comes back evenly, so a burst is paid for by those who made it (GCRA: all state is the time
/// at which the window would be full again).
public final class RequestRate {
  private final int limit;
  private final long windowNanos;
  private final long stepNanos;
  private final String policy;
  private final AtomicLong fullAt;

  public RequestRate(int limit, Duration window, long nowNanos) {
    this.limit = limit;
    this.windowNanos = window.toNanos();
    this.stepNanos = Math.max(1, windowNanos / limit);
    this.policy = "\"key\";q=" + limit + ";w=" + window.toSeconds();
    this.fullAt = new AtomicLong(nowNanos);
  }

  public int limit() {
    return limit;
  }

  /// The header RateLimit-Policy.
  public String policy() {
    return policy;
  }

  public Taken take(long nowNanos) {
    while (true) {
      long was = fullAt.get();
      long next = Math.max(0, was - nowNanos) + stepNanos;
      if (next > windowNanos) return new Taken(false, 0, next - windowNanos);
      if (fullAt.compareAndSet(was, nowNanos + next)) {
        return new Taken(true, (windowNanos - next) / stepNanos, next);
      }
    }
  }

  /// @param waitNanos until one more may come, or when none is missing any more
  public record Taken(boolean granted, long remaining, long waitNanos) {
    /// The header RateLimit.
    public String header() {
      return "\"key\";r=" + remaining + ";t=" + pause().toSeconds();
    }

    /// In whole seconds, rounded up.
    public Duration pause() {
      return Duration.ofSeconds(Math.ceilDiv(waitNanos, 1_000_000_000L));
    }
  }
}
