package millrace.bench.payments;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.machine.Machine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "payments",
    description = {
      "Payments through a whole hub: all services, Kafka, and PostgreSQL with fsync on, in one JVM",
      "as ./millrace up runs them. Vouchers are signed before each phase and replayed over HTTP by",
      "a load generator in a process of its own, with one request under way on each channel.",
      "",
      "Phases: single-1, -16, -64, -256 (POST /v1/payments, so many under way), batch (POST",
      "/v1/payments/batch), paywall (a paid route), unpaid-402, half-rate (half of the best single",
      "rate by the clock, latency counted from when a request was due).",
      "",
      "With --peer x402 the stock Express server, with memory and with files, gets the same load",
      "from the same load generator on the same chain; its phases alternate with ours, both warm.",
      "",
      "Processor time counts from the first request until nobody is behind any more."
    },
    mixinStandardHelpOptions = true)
public final class PaymentsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--channels", description = "Open channels (default: ${DEFAULT-VALUE})")
  private int channels = 256;

  @Option(names = "--seconds", description = "Of each phase (default: ${DEFAULT-VALUE})")
  private double seconds = 12;

  @Option(names = "--warm-up", description = "Seconds of load before (default: ${DEFAULT-VALUE})")
  private double warmUp = 110;

  @Option(names = "--phases", split = ",", description = "Only these (default: all)")
  private List<String> phases = List.of();

  @Option(names = "--batch-lines", description = "Payments in a batch (default: ${DEFAULT-VALUE})")
  private int batchLines = 100;

  @Option(names = "--batch-calls", description = "Batches under way (default: ${DEFAULT-VALUE})")
  private int batchCalls = 4;

  @Option(
      names = "--half-rate",
      description = "Requests a second of half-rate, when no single phase runs before it")
  private double halfRate = 2_500;

  @Option(names = "--java-opts", split = " ", description = "For the hub's JVM, beside the usual")
  private List<String> javaOptions = List.of();

  @Option(
      names = "--peer",
      description = "Beside it, phase by phase, this server: x402 (@x402/express, unmodified)")
  private @Nullable Peer peer;

  @Option(names = "--no-peer", description = "No other server beside it; the default")
  private boolean noPeer;

  /// Whom there is to compare with.
  enum Peer {
    x402
  }

  @Override
  public Integer call() throws InterruptedException {
    if (noPeer && peer != null) {
      throw new ParameterException(spec.commandLine(), "either --peer or --no-peer");
    }
    var machine = Machine.here();
    Progress.say("bench payments on %s", machine);
    var settings =
        new Settings(
            channels,
            seconds,
            warmUp,
            stages(),
            batchLines,
            batchCalls,
            halfRate,
            peer != null,
            List.copyOf(javaOptions));
    Progress.say("%s", settings);
    try (var bench = PaymentsBench.start(settings)) {
      bench.run();
      var measured = bench.measured();
      new Table(measured).print(System.out);
      var last = bench.summary();
      if (last.containsKey("ratio_api")) {
        System.out.printf(
            "against the peer's best: our API %s times, our paywalled route %s times its route%n",
            last.get("ratio_api"), last.getOrDefault("ratio_paywall", "?"));
      }
      var file = Results.write("payments", machine, settings(settings, bench), last, measured);
      Progress.say("written to %s", file);
      System.out.println(Results.line(last));
    }
    return 0;
  }

  private static Map<String, Object> settings(Settings settings, PaymentsBench bench) {
    var all = new LinkedHashMap<String, Object>();
    all.put("bench", settings);
    all.put("postgres", bench.durability());
    return all;
  }

  private Set<Stage> stages() {
    if (phases.isEmpty()) return EnumSet.allOf(Stage.class);
    var chosen = new ArrayList<Stage>();
    for (var name : phases) {
      chosen.add(
          Stage.of(name)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "no phase '%s'; there are %s"
                              .formatted(
                                  name,
                                  Stream.of(Stage.values())
                                      .map(Stage::label)
                                      .collect(Collectors.joining(", "))))));
    }
    return EnumSet.copyOf(chosen);
  }
}
