package millrace.settlement.claim;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Amount;
import millrace.settlement.gas.GasPrice;

/// Decides whether it is time for a claim. It knows no clock, no chain and no database, so that a
/// simulation can ask it as well.
///
/// Dear gas asks for more money in a claim, cheap gas is content with less money or a lower age.
/// Four things no price of gas holds up: a payer who leaves, a payout that waits for money, an age
/// and a number of channels.
///
/// @param threshold unclaimed base units that make a claim worth its gas at the usual price
/// @param maxAge no charge stays unclaimed for longer
/// @param maxBacklog more channels than these never wait
/// @param maxGasFactor dear gas raises the threshold at most so many times; 1: not at all
/// @param retryAfter first pause after a row was left out; it doubles each time
public record ClaimPolicy(
    Amount threshold, Duration maxAge, int maxBacklog, int maxGasFactor, Duration retryAfter) {
  private static final int MOST_DOUBLINGS = 4;
  private static final int PART_OF_TIME_LEFT = 4;
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  /// @param onlyLeaving whether channels without a pending withdrawal go on waiting
  public record Due(ClaimReason reason, boolean onlyLeaving) {}

  public Optional<Due> due(Unclaimed unclaimed, GasPrice gas, Instant now) {
    if (unclaimed.channels() == 0) return Optional.empty();
    var reason = reason(unclaimed, gas, now);
    if (unclaimed.leaving()) {
      return Optional.of(new Due(ClaimReason.WITHDRAWAL, reason.isEmpty()));
    }
    return reason.map(why -> new Due(why, false));
  }

  private Optional<ClaimReason> reason(Unclaimed unclaimed, GasPrice gas, Instant now) {
    if (!unclaimed.shortfall().isZero()) return Optional.of(ClaimReason.PAYOUT);
    if (unclaimed.channels() > maxBacklog) return Optional.of(ClaimReason.BACKLOG);
    var enough = gas.times(threshold.units(), maxGasFactor);
    if (unclaimed.value().units().compareTo(enough) >= 0) return Optional.of(ClaimReason.VALUE);
    var old = gas.times(BigInteger.valueOf(maxAge.toMillis()), 1).longValueExact();
    boolean isOld = unclaimed.since().filter(at -> !at.plusMillis(old).isAfter(now)).isPresent();
    return isOld ? Optional.of(ClaimReason.AGE) : Optional.empty();
  }

  /// How long a row rests that was left out of a claim. While its payer is leaving, the next try
  /// comes within a quarter of the time that is left, so never past the deadline.
  ///
  /// @param failures how often it was left out before
  /// @param deadline from when on the payer may take the money
  public Duration pause(int failures, Optional<Instant> deadline, Instant now) {
    var doubled = retryAfter.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    if (deadline.isEmpty()) return doubled;
    var part = Duration.between(now, deadline.get()).dividedBy(PART_OF_TIME_LEFT);
    var bounded = part.compareTo(doubled) < 0 ? part : doubled;
    return bounded.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : bounded;
  }
}
