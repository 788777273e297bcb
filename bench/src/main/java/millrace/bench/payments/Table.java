package millrace.bench.payments;

import java.io.PrintStream;
import java.util.List;
import millrace.bench.hub.Costs;

/// The phases side by side.
record Table(List<Measured> phases) {
  void print(PrintStream out) {
    out.printf(
        "%n%-14s %5s %9s %8s %8s %8s   %6s %6s %6s %6s   %5s %5s %6s   %6s %6s %6s  %5s%n",
        "phase", "lanes", "per s", "p50 ms", "p99 ms", "max ms", "server", "pg", "anvil", "load",
        "429", "503", "errors", "tower", "read", "to 0", "MiB");
    out.printf(
        "%-14s %5s %9s %8s %8s %8s   %27s   %18s   %20s  %5s%n",
        "", "", "", "", "", "", "processor ms per payment", "", "seconds behind, at most", "");
    for (var phase : phases) row(out, phase);
    out.println();
    for (var phase : phases) notes(out, phase);
  }

  private static void row(PrintStream out, Measured it) {
    var report = it.report();
    out.printf(
        "%-14s %5d %,9.0f %8.1f %8.1f %8.1f   %6.3f %6.3f %6.3f %6.3f   %5d %5d %6d   %6.1f %6.1f"
            + " %6.1f  %,5d%n",
        it.phase(),
        it.lanes(),
        report.perSecond(),
        report.p50Millis(),
        report.p99Millis(),
        report.maxMillis(),
        it.millisEach(Costs.SERVER),
        it.millisEach("postgres"),
        it.millisEach("anvil"),
        it.millisEach("load"),
        report.refused(429),
        report.refused(503),
        report.errors(),
        it.lag().tower(),
        it.lag().readModel(),
        it.lag().settle(),
        it.residentMebibytes());
  }

  private static void notes(PrintStream out, Measured it) {
    var report = it.report();
    if (report.ranDry()) {
      out.printf("%s ended after %.1f s: no vouchers left%n", it.phase(), report.seconds());
    }
    if (report.unsent() > 0) {
      out.printf("%s: %,d requests had no free channel%n", it.phase(), report.unsent());
    }
    if (report.broken() > 0) out.printf("%s: %,d lost answers%n", it.phase(), report.broken());
    if (report.errors() > 0) out.printf("%s: answers %s%n", it.phase(), report.refusals());
    for (var surprise : report.surprises()) out.printf("%s: %s%n", it.phase(), surprise);
  }
}
