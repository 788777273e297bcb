package millrace.bench.scale;

import java.nio.file.Path;
import millrace.bench.Progress;
import millrace.bench.hub.SeededHub;
import millrace.bench.load.PhaseReport;

/// A hub whose database grows between the phases.
final class ScaleBench implements AutoCloseable {
  private static final Path FOLDER = Path.of("bench", "target", "scale").toAbsolutePath();
  private static final int LANES = 64;
  private static final double GUESS = 10_000;

  private final int payers;
  private final double seconds;
  private final SeededHub hub;
  private int channels;
  private String wallet = "";

  private ScaleBench(int payers, double seconds, SeededHub hub) {
    this.payers = payers;
    this.seconds = seconds;
    this.hub = hub;
  }

  static ScaleBench start(int payers, double seconds, int replicas) throws InterruptedException {
    return new ScaleBench(payers, seconds, SeededHub.start(FOLDER, replicas));
  }

  /// Adds channels until there are so many. Those that pay from now on are among the new ones.
  void growTo(int count) throws InterruptedException {
    long start = System.nanoTime();
    wallet = "scale-" + count;
    hub.add(count - channels, wallet, payers);
    channels = count;
    Progress.say(
        "%,d open channels are in the database; the new ones took %.1f s",
        count, (System.nanoTime() - start) / 1e9);
  }

  void warmUp(double length) {
    for (double left = length; left > 0; left -= 10) run(Math.min(10, left));
  }

  double measure(String name) {
    var report = run(seconds);
    Progress.say(
        "%s: %,.0f payments/s, p99 %.1f ms, %d errors, answers %s",
        name, report.perSecond(), report.p99Millis(), report.errors(), report.refusals());
    return report.perSecond();
  }

  private PhaseReport run(double length) {
    return hub.pay(wallet, LANES, 0, GUESS, length);
  }

  void useReplicas(int count) throws InterruptedException {
    hub.useReplicas(count);
    Progress.say("the gateway has %d channel-services", count);
  }

  @Override
  public void close() {
    hub.close();
  }
}
