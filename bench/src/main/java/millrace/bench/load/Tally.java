package millrace.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What one phase has seen. Of one thread.
final class Tally {
  private static final long HIGHEST_MICROS = 600_000_000;
  private static final int MAX_SURPRISES = 3;
  private static final int MAX_SURPRISE_CHARS = 600;

  private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);
  private final Map<Integer, Long> refusals = new TreeMap<>();
  private final List<String> surprises = new ArrayList<>();
  private long accepted;
  private long calls;
  private long broken;
  private long unsent;

  void accepted(int payments) {
    accepted += payments;
  }

  void called(long latencyNanos) {
    calls++;
    micros.recordValue(Math.min(latencyNanos / 1_000, HIGHEST_MICROS));
  }

  /// The server is too busy and said so.
  void later(int status) {
    refusals.merge(status, 1L, Long::sum);
  }

  /// An answer that a paid request must never get.
  void surprise(int status, String text) {
    refusals.merge(status, 1L, Long::sum);
    if (surprises.size() < MAX_SURPRISES) {
      surprises.add(text.substring(0, Math.min(text.length(), MAX_SURPRISE_CHARS)));
    }
  }

  /// A connection that ended, or never began, with a request under way.
  void broken() {
    broken++;
  }

  /// A request that was due while all channels were waiting for answers.
  void unsent() {
    unsent++;
  }

  long accepted() {
    return accepted;
  }

  PhaseReport report(double seconds, boolean ranDry) {
    return new PhaseReport(
        seconds,
        accepted,
        calls,
        accepted / seconds,
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getMaxValue() / 1e3,
        Map.copyOf(refusals),
        broken,
        unsent,
        ranDry,
        List.copyOf(surprises));
  }
}
