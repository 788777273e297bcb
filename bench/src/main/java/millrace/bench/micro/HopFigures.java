package millrace.bench.micro;

import java.util.List;
import java.util.function.ToDoubleFunction;
import millrace.bench.micro.HopClient.Report;

/// One transport with so many callers, over all rounds. Rates and latencies are medians, because
/// one round that something else disturbed would pull a mean along; processor time is what all
/// rounds took for all their payments, as it is counted in ticks.
///
/// @param clientMillis processor time per payment
/// @param serverMillis processor time per payment
record HopFigures(
    HopTransport transport,
    int callers,
    double perSecond,
    double lowest,
    double highest,
    double p50Millis,
    double p99Millis,
    double clientMillis,
    double serverMillis) {

  /// @param clientMillis processor time of the whole round
  /// @param serverMillis processor time of the whole round
  record Round(
      HopTransport transport,
      int callers,
      Report report,
      double clientMillis,
      double serverMillis) {
    double perSecond() {
      return report.payments() / report.seconds();
    }
  }

  /// @param rounds at least one, all of the same transport and callers
  static HopFigures of(List<Round> rounds) {
    var first = rounds.getFirst();
    double payments = rounds.stream().mapToLong(it -> it.report().payments()).sum();
    return new HopFigures(
        first.transport(),
        first.callers(),
        median(rounds, Round::perSecond),
        rounds.stream().mapToDouble(Round::perSecond).min().orElseThrow(),
        rounds.stream().mapToDouble(Round::perSecond).max().orElseThrow(),
        median(rounds, it -> it.report().p50Millis()),
        median(rounds, it -> it.report().p99Millis()),
        rounds.stream().mapToDouble(Round::clientMillis).sum() / payments,
        rounds.stream().mapToDouble(Round::serverMillis).sum() / payments);
  }

  double millis() {
    return clientMillis + serverMillis;
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
