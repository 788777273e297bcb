package millrace.bench.crash;

import java.util.Map;
import java.util.TreeMap;

/// What kills under load have cost.
///
/// @param acknowledged payments
/// @param lost acknowledged payments that the books do not have
/// @param stuck channels that could not pay on, over all rounds
/// @param recoverySeconds by what was killed, the longest time in which no payment was acknowledged
public record CrashReport(
    int rounds, long acknowledged, long lost, int stuck, Map<String, Double> recoverySeconds) {
  static final CrashReport NOTHING = new CrashReport(0, 0, 0, 0, Map.of());

  public CrashReport {
    recoverySeconds = Map.copyOf(recoverySeconds);
  }

  CrashReport plus(CrashReport other) {
    var longest = new TreeMap<>(recoverySeconds);
    other.recoverySeconds.forEach((who, seconds) -> longest.merge(who, seconds, Math::max));
    return new CrashReport(
        rounds + other.rounds,
        acknowledged + other.acknowledged,
        lost + other.lost,
        stuck + other.stuck,
        longest);
  }

  double maxRecoverySeconds() {
    return recoverySeconds.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }
}
