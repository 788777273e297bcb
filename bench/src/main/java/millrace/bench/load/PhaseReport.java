package millrace.bench.load;

import java.util.List;
import java.util.Map;

/// What came of one phase.
///
/// @param accepted payments; of an unpaid phase, the offers got
/// @param calls requests with at least one accepted payment; latencies are theirs
/// @param refusals answers that were none of the wanted, by status; of a batch, its lines
/// @param broken connections that ended with a request under way
/// @param unsent requests that were due while no channel was free to send them
/// @param ranDry whether it ended early because a channel had no voucher left
/// @param surprises the first bodies of answers other than 429 and 503
public record PhaseReport(
    double seconds,
    long accepted,
    long calls,
    double perSecond,
    double p50Millis,
    double p99Millis,
    double maxMillis,
    Map<Integer, Long> refusals,
    long broken,
    long unsent,
    boolean ranDry,
    List<String> surprises) {

  public PhaseReport {
    refusals = Map.copyOf(refusals);
    surprises = List.copyOf(surprises);
  }

  public long refused(int status) {
    return refusals.getOrDefault(status, 0L);
  }

  /// Answers and breaks that mean a fault of the server or of the bench.
  public long errors() {
    long others =
        refusals.entrySet().stream()
            .filter(it -> !Verdict.isBusy(it.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return others + broken;
  }
}
