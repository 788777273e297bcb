package millrace.bench.payments;

import millrace.bench.hub.Costs;
import millrace.bench.hub.Lag;
import millrace.bench.load.PhaseReport;

/// One phase with what it cost.
///
/// @param costs from the first request until nobody was behind any more
/// @param lag of those who learn from Kafka
/// @param residentMebibytes of the hub's JVM or the peer, the highest seen
record Measured(
    String phase,
    int lanes,
    PhaseReport report,
    Costs costs,
    Lag.Reading lag,
    long residentMebibytes) {

  /// Processor milliseconds for each accepted payment.
  double millisEach(String part) {
    return report.accepted() == 0 ? 0 : costs.of(part) / report.accepted();
  }

  /// All but the load generator: what a payment costs who takes it.
  double serverMillisEach() {
    return millisEach(Costs.SERVER) + millisEach("postgres") + millisEach("anvil");
  }
}
