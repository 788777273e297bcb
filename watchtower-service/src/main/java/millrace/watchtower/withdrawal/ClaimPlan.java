package millrace.watchtower.withdrawal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.BlockHeader;
import millrace.protocol.type.Amount;
import millrace.watchtower.withdrawal.ClaimStore.Earlier;

/// Whether an exposed channel is to be claimed now or when to look at it again.
///
/// @param headStart how long settlement may act first
/// @param pause the first of the pauses between claims that do not help
record ClaimPlan(Duration headStart, Duration pause) {
  private static final int MOST_DOUBLINGS = 6;

  /// How many blocks a claim under way is left alone for. What becomes of it is told by its logs,
  /// or by the sender; to ask as well is for what neither tells.
  private static final int BLOCKS = 5;

  /// Empty: now. Claims under way are left to the sender, which keeps at them until they are
  /// final. Claims that ended and did not help come again after pauses that grow, for gas is not
  /// for nothing; they never end.
  ///
  /// @param head by whose time the contract counts
  Optional<Look> waitUntil(
      WatchedWithdrawal withdrawal,
      long delaySeconds,
      Amount target,
      List<Earlier> earlier,
      BlockHeader head,
      Instant now) {
    var sufficient = earlier.stream().filter(e -> !target.exceeds(e.totalClaimed())).toList();
    if (sufficient.stream().anyMatch(e -> e.endedAt().isEmpty())) {
      return Optional.of(underWay(head, now));
    }
    var chainTime = head.timestamp();
    return later(
            now, pauseEnds(sufficient), headStartEnds(withdrawal, delaySeconds, chainTime, now))
        .map(Look::at);
  }

  /// When a claim that is left to the sender is looked after.
  Look underWay(BlockHeader head, Instant now) {
    return new Look(now.plus(pause.multipliedBy(BLOCKS)), head.number() + BLOCKS);
  }

  private Instant pauseEnds(List<Earlier> futile) {
    if (futile.isEmpty()) return Instant.MIN;
    var lastEnd = futile.getFirst().endedAt().orElse(Instant.MIN);
    return lastEnd.plus(pause.multipliedBy(1L << Math.min(futile.size() - 1, MOST_DOUBLINGS)));
  }

  /// Over at half of the delay, and at once for a withdrawal that was armed long ago.
  private Instant headStartEnds(
      WatchedWithdrawal withdrawal, long delaySeconds, Instant chainTime, Instant now) {
    long half = withdrawal.finalizeAfterSeconds() - delaySeconds / 2;
    if (chainTime.getEpochSecond() >= half) return Instant.MIN;
    var end = withdrawal.seenAt().plus(headStart);
    return end.isAfter(now) ? min(end, now.plus(pause)) : Instant.MIN;
  }

  private static Instant min(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Optional<Instant> later(Instant now, Instant a, Instant b) {
    var later = a.isAfter(b) ? a : b;
    return later.isAfter(now) ? Optional.of(later) : Optional.empty();
  }
}
