package millrace.bench.policy;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The policies side by side.
final class PolicyTable {
  private PolicyTable() {}

  static void print(List<Outcome> outcomes, PrintStream out) {
    out.printf(
        "%n%-8s %7s %8s %9s %9s   %8s %8s %8s   %8s %8s %8s   %7s%n",
        "policy",
        "claims",
        "channels",
        "gas per",
        "gwei per",
        "mean",
        "p95",
        "max",
        "p50",
        "p95",
        "max",
        "payouts");
    out.printf(
        "%-8s %7s %8s %9s %9s   %26s   %26s%n",
        "", "", "a claim", "payment", "payment", "dollars at risk", "payout delay, minutes");
    for (var it : outcomes) {
      out.printf(
          "%-8s %,7d %8.1f %,9.0f %,9.0f   %8.2f %8.2f %8.2f   %8.1f %8.1f %8.1f   %,7d%n",
          it.contestant().name(),
          it.claims(),
          (double) it.rows() / Math.max(1, it.claims()),
          it.gasPerPayment(),
          it.gweiPerPayment(),
          it.meanAtRisk(),
          it.atRisk(0.95),
          it.atRisk(1),
          it.delay(0.5) / 60.0,
          it.delay(0.95) / 60.0,
          it.delay(1) / 60.0,
          it.payouts());
    }
    out.println();
    for (var it : outcomes) {
      out.printf(
          "%-8s %s; claims by reason %s%n",
          it.contestant().name(), it.contestant().says(), it.reasons());
    }
    out.println();
  }

  /// The last line.
  static Map<String, Map<String, Number>> last(List<Outcome> outcomes) {
    var last = new LinkedHashMap<String, Map<String, Number>>();
    for (var it : outcomes) last.put(it.contestant().name(), it.last());
    return last;
  }
}
