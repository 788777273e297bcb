package millrace.settlement.claim;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Amount;

/// Decides whether it is time for a claim.
record ClaimPolicy(Amount threshold, Duration maxAge, int maxRows) {
  Optional<ClaimReason> due(Unclaimed unclaimed, Instant now) {
    if (unclaimed.channels() == 0) return Optional.empty();
    if (unclaimed.leaving()) return Optional.of(ClaimReason.WITHDRAWAL);
    if (!unclaimed.shortfall().isZero()) return Optional.of(ClaimReason.PAYOUT);
    if (!threshold.exceeds(unclaimed.value())) return Optional.of(ClaimReason.VALUE);
    if (unclaimed.channels() >= maxRows) return Optional.of(ClaimReason.FULL);
    boolean old = unclaimed.since().filter(at -> !at.plus(maxAge).isAfter(now)).isPresent();
    return old ? Optional.of(ClaimReason.AGE) : Optional.empty();
  }
}
