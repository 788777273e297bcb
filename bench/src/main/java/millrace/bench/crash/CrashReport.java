package millrace.bench.crash;

/// What kills under load have cost.
///
/// @param acknowledged payments
/// @param lost acknowledged payments that the books do not have
/// @param stuck channels that could not pay on, over all rounds
/// @param maxRecoverySeconds the longest time in which no payment was acknowledged
public record CrashReport(
    int rounds, long acknowledged, long lost, int stuck, double maxRecoverySeconds) {
  static final CrashReport NOTHING = new CrashReport(0, 0, 0, 0, 0);

  CrashReport plus(CrashReport other) {
    return new CrashReport(
        rounds + other.rounds,
        acknowledged + other.acknowledged,
        lost + other.lost,
        stuck + other.stuck,
        Math.max(maxRecoverySeconds, other.maxRecoverySeconds));
  }
}
