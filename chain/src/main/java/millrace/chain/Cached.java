package millrace.chain;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;

/// A number that costs a request, asked for at most once in a while.
final class Cached {
  private final DoubleSupplier source;
  private final InstantSource clock;
  private final Duration maxAge;
  private Instant takenAt = Instant.MIN;
  private double value;

  Cached(DoubleSupplier source, InstantSource clock, Duration maxAge) {
    this.source = source;
    this.clock = clock;
    this.maxAge = maxAge;
  }

  synchronized double value() {
    var now = clock.instant();
    if (takenAt.isBefore(now.minus(maxAge))) {
      value = source.getAsDouble();
      takenAt = now;
    }
    return value;
  }
}
