package millrace.protocol.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long a hold may be captured.
public final class HoldTerm {
  private static final int PART_OF_DELAY = 4;

  private HoldTerm() {}

  /// What was agreed on; but once the payer is leaving, no longer than a quarter of the delay after
  /// it asked to. What is captured by then is claimed in the time that is left.
  public static Instant end(
      Instant agreed, Optional<PendingWithdrawal> withdrawal, Duration withdrawDelay) {
    return withdrawal
        .map(pending -> Instant.ofEpochSecond(pending.finalizeAfterSeconds()))
        .map(end -> end.minus(withdrawDelay).plus(withdrawDelay.dividedBy(PART_OF_DELAY)))
        .filter(end -> end.isBefore(agreed))
        .orElse(agreed);
  }
}
