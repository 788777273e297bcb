package millrace.bench.overload;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.hub.SeededHub;
import millrace.bench.load.PhaseReport;
import millrace.bench.machine.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "overload",
    description = {
      "Twice the payments a second that the hub can take, for half a minute, from more payers than",
      "are let in at once; the peak before and the rate after beside it; one JVM per service.",
      "",
      "Latencies are those of accepted payments and count from when a payment was due.",
      "Channels are seeded by COPY into channel-service's database as their deposits would have",
      "left them. The chain's state is not seeded and settlement is off."
    },
    mixinStandardHelpOptions = true)
public final class OverloadCommand implements Callable<Integer> {
  private static final Path FOLDER = Path.of("bench", "target", "overload").toAbsolutePath();
  private static final String CROWD = "crowd";
  private static final int USUAL = 64;
  private static final double MOST = 10_000;

  @Option(names = "--channels", description = "That pay at once (default: ${DEFAULT-VALUE})")
  private int channels = 2_048;

  @Option(names = "--factor", description = "Times the peak (default: ${DEFAULT-VALUE})")
  private double factor = 2;

  @Option(names = "--seconds", description = "Of overload (default: ${DEFAULT-VALUE})")
  private double seconds = 30;

  @Option(names = "--warm-up", description = "Seconds of load before (default: ${DEFAULT-VALUE})")
  private double warmUp = 60;

  @Override
  public Integer call() throws InterruptedException {
    var machine = Machine.here();
    Progress.say("bench overload on %s", machine);
    Progress.say("chain state is not seeded, settlement is off");
    try (var hub = SeededHub.start(FOLDER, 1)) {
      hub.add(channels, CROWD, channels);
      for (double left = warmUp; left > 0; left -= 10) usual(hub, Math.min(10, left));
      var peak = told("peak", usual(hub, 12));
      double offered = factor * peak.perSecond();
      var flood = told("overload", hub.pay(CROWD, channels, offered, offered, seconds));
      var after = told("after", usual(hub, 12));
      var last = last(peak, offered, flood, after);
      var settings =
          Map.of("channels", channels, "factor", factor, "seconds", seconds, "warm_up", warmUp);
      var details = Map.of("peak", peak, "overload", flood, "after", after);
      Progress.say("written to %s", Results.write("overload", machine, settings, last, details));
      System.out.println(Results.line(last));
    }
    return 0;
  }

  private static PhaseReport usual(SeededHub hub, double length) {
    return hub.pay(CROWD, USUAL, 0, MOST, length);
  }

  private static PhaseReport told(String phase, PhaseReport it) {
    Progress.say(
        "%-8s  %,.0f accepted/s, p50 %,.0f ms, p99 %,.0f ms, max %,.0f ms, 429 %,d, 503 %,d,"
            + " other answers %,d, not sent %,d",
        phase,
        it.perSecond(),
        it.p50Millis(),
        it.p99Millis(),
        it.maxMillis(),
        it.refused(429),
        it.refused(503),
        it.errors(),
        it.unsent());
    if (it.errors() > 0) Progress.say("%s: answers %s", phase, it.refusals());
    for (var surprise : it.surprises()) Progress.say("%s: %s", phase, surprise);
    return it;
  }

  private static Map<String, Object> last(
      PhaseReport peak, double offered, PhaseReport flood, PhaseReport after) {
    var last = new LinkedHashMap<String, Object>();
    last.put("peak_per_s", Math.round(peak.perSecond()));
    last.put("offered_per_s", Math.round(offered));
    last.put("accepted_per_s", Math.round(flood.perSecond()));
    last.put("p99_ms", Math.round(flood.p99Millis()));
    last.put("refused", flood.refused(429) + flood.refused(503));
    last.put("not_sent", flood.unsent());
    last.put("errors", flood.errors());
    last.put("after_per_s", Math.round(after.perSecond()));
    last.put("after_errors", after.errors());
    return last;
  }
}
