package millrace.bench.micro;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.hub.BenchHub;
import millrace.bench.machine.Machine;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "crypto",
    description = {
      "What one payment costs the processor, measured by JMH: hashing, ECDSA by libsecp256k1, and",
      "the channel's decision. With one thread and with one for each core, each in a JVM of its own",
      "with the options of a hub's.",
      "",
      "Last line: operations a second, by operation and threads."
    },
    mixinStandardHelpOptions = true)
public final class CryptoCommand implements Callable<Integer> {
  @Option(
      names = "--seconds",
      description = "Of each measurement, after two of warm-up (default: ${DEFAULT-VALUE})")
  private int seconds = 5;

  /// In the order in which a payment needs them.
  private enum Operation {
    CHANNEL_ID("channelId", "channel id of the config"),
    DIGEST("digest", "EIP-712 digest of the voucher"),
    RECOVER("recover", "signer of a digest, by recovery"),
    KNOWN_KEY("verifyByKnownKey", "the same of a known key, without v"),
    VERIFY("verify", "digest, and proof of the known signer"),
    DECISION("decision", "the channel's decision"),
    SIGN("sign", "the payer's signature, for comparison");

    private final String method;
    private final String label;

    Operation(String method, String label) {
      this.method = method;
      this.label = label;
    }
  }

  private record Measured(String operation, int threads, double perSecond, double deviation) {}

  @Override
  public Integer call() throws RunnerException {
    var machine = Machine.here();
    Progress.say("bench crypto on %s", machine);
    var threads = machine.cores() == 1 ? List.of(1) : List.of(1, machine.cores());
    var measured = new ArrayList<Measured>();
    for (var operation : Operation.values()) {
      for (int count : threads) {
        var it = measure(operation, count);
        measured.add(it);
        Progress.say(
            "%-38s threads %2d %,12.0f/s  %8.2f µs  ±%2.0f %%",
            operation.label,
            count,
            it.perSecond(),
            count * 1e6 / it.perSecond(),
            100 * it.deviation() / it.perSecond());
      }
    }
    var last = summary(measured);
    var settings = Map.of("seconds", seconds);
    Progress.say("written to %s", Results.write("crypto", machine, settings, last, measured));
    System.out.println(Results.line(last));
    return 0;
  }

  private Measured measure(Operation operation, int threads) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(CryptoBenchmark.class.getName() + "\\." + operation.method + "$")
            .threads(threads)
            .forks(1)
            // Not this JVM's own, which is in a hurry to start.
            .jvmArgs(BenchHub.launcherOptions().toArray(String[]::new))
            .warmupIterations(2)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(seconds)
            .measurementTime(TimeValue.seconds(1))
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    Result<?> result = new Runner(options).runSingle().getPrimaryResult();
    var statistics = result.getStatistics();
    return new Measured(
        operation.method, threads, result.getScore(), statistics.getStandardDeviation());
  }

  private static Map<String, Object> summary(List<Measured> measured) {
    var last = new LinkedHashMap<String, Object>();
    for (var operation : Operation.values()) {
      var byThreads = new LinkedHashMap<String, Long>();
      for (var it : measured) {
        if (it.operation().equals(operation.method)) {
          byThreads.put(Integer.toString(it.threads()), Math.round(it.perSecond()));
        }
      }
      last.put(operation.name().toLowerCase(Locale.ROOT), byThreads);
    }
    return last;
  }
}
