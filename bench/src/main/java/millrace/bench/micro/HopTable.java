package millrace.bench.micro;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The transports side by side.
final class HopTable {
  private HopTable() {}

  static void print(List<HopFigures> figures, PrintStream out) {
    out.printf(
        "%n%-18s %7s %9s %19s %8s %8s   %8s %8s %8s   %15s%n",
        "transport",
        "callers",
        "per s",
        "lowest to highest",
        "p50 ms",
        "p99 ms",
        "client",
        "server",
        "both",
        "against gateway");
    out.printf(
        "%-18s %7s %9s %19s %8s %8s   %26s   %7s %7s%n",
        "", "", "", "", "", "", "processor ms per payment", "per s", "cpu");
    for (var it : figures) {
      var gateway = gateway(figures, it.callers());
      out.printf(
          "%-18s %7d %,9.0f %,9.0f %,9.0f %8.2f %8.2f   %8.4f %8.4f %8.4f   %7.2f %7.2f%n",
          it.transport().label(),
          it.callers(),
          it.perSecond(),
          it.lowest(),
          it.highest(),
          it.p50Millis(),
          it.p99Millis(),
          it.clientMillis(),
          it.serverMillis(),
          it.millis(),
          it.perSecond() / gateway.perSecond(),
          gateway.millis() / it.millis());
    }
    out.println();
  }

  /// The last line.
  static Map<String, Map<String, Map<String, Number>>> last(List<HopFigures> figures) {
    var last = new LinkedHashMap<String, Map<String, Map<String, Number>>>();
    for (var it : figures) {
      var gateway = gateway(figures, it.callers());
      var one = new LinkedHashMap<String, Number>();
      one.put("per_s", Math.round(it.perSecond()));
      one.put("p50_ms", rounded(it.p50Millis(), 100));
      one.put("p99_ms", rounded(it.p99Millis(), 100));
      one.put("client_cpu_ms", rounded(it.clientMillis(), 10_000));
      one.put("server_cpu_ms", rounded(it.serverMillis(), 10_000));
      if (it.transport() != HopTransport.GATEWAY) {
        one.put("ratio_per_s", rounded(it.perSecond() / gateway.perSecond(), 100));
        one.put("ratio_cpu", rounded(gateway.millis() / it.millis(), 100));
      }
      last.computeIfAbsent(it.transport().key(), _ -> new LinkedHashMap<>())
          .put(Integer.toString(it.callers()), one);
    }
    return last;
  }

  private static HopFigures gateway(List<HopFigures> figures, int callers) {
    return figures.stream()
        .filter(it -> it.callers() == callers && it.transport() == HopTransport.GATEWAY)
        .findFirst()
        .orElseThrow();
  }

  private static double rounded(double value, double parts) {
    return Math.round(value * parts) / parts;
  }
}
