package millrace.bench.micro;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.machine.Machine;
import millrace.embedded.Leftovers;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "store",
    description = {
      "What a commit costs, by the number of payments in it, measured by JMH on a PostgreSQL of its",
      "own with fsync and synchronous_commit on.",
      "",
      "  channel-service  one call of what POST /internal/payments runs: signatures, locks, rules,",
      "                   all statements, commit; its events stay in the outbox",
      "  bare update      UPDATE … FROM unnest on a table of three columns, the limit",
      "",
      "Last line: payments a second, by writers and payments in one commit."
    },
    mixinStandardHelpOptions = true)
public final class StoreCommand implements Callable<Integer> {
  private static final Path FOLDER = Path.of("bench", "target", "store").toAbsolutePath();
  private static final List<Integer> WRITERS = List.of(1, 4);
  private static final List<Integer> ROWS = List.of(1, 16, 64, 256);
  private static final int WARM_UP_ITERATIONS = 2;

  @Option(names = "--iterations", description = "Of each measurement (default: ${DEFAULT-VALUE})")
  private int iterations = 5;

  /// The benchmark's methods.
  private enum Subject {
    CHANNEL_SERVICE("channelService", "channel-service"),
    BARE_UPDATE("bareUpdate", "bare update");

    private final String method;
    private final String label;

    Subject(String method, String label) {
      this.method = method;
      this.label = label;
    }
  }

  private record Measured(String subject, int writers, int rows, double commitMillis) {
    double paymentsPerSecond() {
      return writers * rows * 1e3 / commitMillis;
    }
  }

  @Override
  public Integer call() throws RunnerException {
    var machine = Machine.here();
    Progress.say("bench store on %s", machine);
    Leftovers.delete(FOLDER);
    var measured = new ArrayList<Measured>();
    try (var hub = StoreHub.start(FOLDER)) {
      Progress.say("PostgreSQL says fsync %s; compiling", hub.setting("fsync"));
      for (var subject : Subject.values()) measure(subject, 4, 64, 2 * iterations);
      for (var subject : Subject.values()) {
        for (int writers : WRITERS) {
          for (int rows : ROWS) {
            var it = measure(subject, writers, rows, iterations);
            measured.add(it);
            Progress.say(
                "%-16s writers %d  payments in a commit %3d   %7.2f ms each  %,9.0f payments/s",
                subject.label, writers, rows, it.commitMillis(), it.paymentsPerSecond());
          }
        }
      }
      var last = summary(measured, hub.setting("fsync"));
      var settings = Map.of("iterations", iterations);
      Progress.say("written to %s", Results.write("store", machine, settings, last, measured));
      System.out.println(Results.line(last));
    }
    return 0;
  }

  private static Measured measure(Subject subject, int writers, int rows, int iterations)
      throws RunnerException {
    int commits = commits(writers, rows);
    var options =
        new OptionsBuilder()
            .include(StoreBenchmark.class.getName() + "\\." + subject.method + "$")
            .param("rows", Integer.toString(rows))
            .threads(writers)
            .forks(0)
            .warmupIterations(WARM_UP_ITERATIONS)
            .warmupBatchSize(commits)
            .measurementIterations(iterations)
            .measurementBatchSize(commits)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    double millis = new Runner(options).runSingle().getPrimaryResult().getScore();
    return new Measured(subject.method, writers, rows, millis / commits);
  }

  /// In one iteration: enough to be timed, few enough to be signed for.
  static int commits(int writers, int rows) {
    return Math.max(10, Math.min(400, 3_000 / (writers * rows)));
  }

  private static Map<String, Object> summary(List<Measured> measured, String fsync) {
    var last = new LinkedHashMap<String, Object>();
    for (var subject : Subject.values()) {
      var byWriters = new LinkedHashMap<String, Map<String, Long>>();
      for (var it : measured) {
        if (!it.subject().equals(subject.method)) continue;
        byWriters
            .computeIfAbsent(Integer.toString(it.writers()), _ -> new LinkedHashMap<>())
            .put(Integer.toString(it.rows()), Math.round(it.paymentsPerSecond()));
      }
      last.put(subject.name().toLowerCase(Locale.ROOT), byWriters);
    }
    last.put("fsync", fsync);
    return last;
  }
}
