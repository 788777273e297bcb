package millrace.bench.api;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.machine.Machine;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "api",
    description = {
      "What merchants and partners wait for: how long after the commit of a payment the first",
      "attempt of its webhook arrives, at a steady rate; how many deliveries a second when many",
      "wait; a list of a hundred payments among millions; an export of one merchant's million.",
      "",
      "One JVM per service, one gateway, one healthy receiver in this JVM. Channels are seeded as",
      "for scale, the payments of the past by the gateway's database itself. At most eight minutes."
    },
    mixinStandardHelpOptions = true)
public final class ApiCommand implements Callable<Integer> {
  /// Below it some channel has no page of payments.
  private static final long FEWEST_LISTED = 6_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--channels", description = "That pay (default: ${DEFAULT-VALUE})")
  private int channels = 128;

  @Option(names = "--rate", description = "Payments a second (default: ${DEFAULT-VALUE})")
  private double rate = 500;

  @Option(names = "--seconds", description = "Of each phase (default: ${DEFAULT-VALUE})")
  private double seconds = 20;

  @Option(names = "--warm-up", description = "Seconds of load before (default: ${DEFAULT-VALUE})")
  private double warmUp = 90;

  @Option(
      names = "--payments",
      description = "In the list, a tenth of them the merchant's (default: ${DEFAULT-VALUE})")
  private long payments = 10_000_000;

  @Option(names = "--lists", description = "Pages to ask for (default: ${DEFAULT-VALUE})")
  private int lists = 4_000;

  @Option(
      names = "--clients",
      description = "That ask for them at once (default: ${DEFAULT-VALUE})")
  private int clients = 4;

  @Option(
      names = "--parts",
      split = ",",
      description = "Of: webhooks, lists, export (default: all)")
  private List<String> parts = List.of("webhooks", "lists", "export");

  private final Map<String, Object> last = new LinkedHashMap<>();
  private final Map<String, Object> details = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (parts.contains("lists") && payments < FEWEST_LISTED) {
      throw new ParameterException(
          spec.commandLine(), "lists need %,d --payments at least".formatted(FEWEST_LISTED));
    }
    var machine = Machine.here();
    Progress.say("bench api on %s", machine);
    try (var bench = new WebhookBench(channels)) {
      if (parts.contains("webhooks")) webhooks(bench);
      if (parts.contains("lists") || parts.contains("export")) past(bench);
    }
    print();
    var settings = new LinkedHashMap<String, Object>();
    settings.put("parts", parts);
    settings.put("channels", channels);
    settings.put("rate", rate);
    settings.put("seconds", seconds);
    settings.put("warm_up", warmUp);
    settings.put("payments", payments);
    settings.put("lists", lists);
    settings.put("clients", clients);
    Progress.say("written to %s", Results.write("api", machine, settings, last, details));
    System.out.println(Results.line(last));
    return 0;
  }

  private void past(WebhookBench bench) throws InterruptedException {
    long past = payments / PaymentSeed.PER_SECOND;
    var begin = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(past + 60);
    Progress.say("seeding %,d payments", payments);
    bench.seed(begin, past);
    if (parts.contains("lists")) lists(bench, begin, past);
    if (parts.contains("export")) export(bench);
  }

  private void webhooks(WebhookBench bench) throws InterruptedException {
    Progress.say("warming up");
    bench.ages(rate, warmUp);
    var ages = bench.ages(rate, seconds);
    last.put("webhook_p99_ms", Math.round(ages.getValueAtPercentile(99) / 1e3));
    details.put("webhook_ms", percentiles(ages));
    last.put("deliveries_per_s", Math.round(bench.deliveriesPerSecond(rate, seconds)));
  }

  private void lists(WebhookBench bench, Instant begin, long past) throws InterruptedException {
    var list = new ListBench(bench.gateway(), bench.apiKey(), begin, past);
    list.ask(clients, lists / clients / 4);
    var micros = list.ask(clients, lists / clients);
    last.put("list_p99_ms", Math.round(micros.getValueAtPercentile(99) / 1e2) / 1e1);
    details.put("list_ms", percentiles(micros));
    Progress.say("%,d lists: %s", micros.getTotalCount(), percentiles(micros));
  }

  private void export(WebhookBench bench) throws InterruptedException {
    var export = new ExportBench(bench.gateway(), bench.apiKey(), bench.gatewayPid());
    if (!export.isThere()) {
      Progress.say("this hub has no exports");
      return;
    }
    Progress.say("exporting");
    var reading = export.run();
    last.put("export_rows_per_s", Math.round(reading.perSecond()));
    details.put("export", reading);
    var live = export.live(reading.rows());
    details.put("export_live_heap_mb", Map.of("before", live[0], "midst", live[1]));
    Progress.say(
        "%,d rows in %.1f s; the gateway's heap has %d MB alive before and %d MB in the midst,"
            + " its process grew from %d to %d MB",
        reading.rows(),
        reading.seconds(),
        live[0],
        live[1],
        reading.residentMb(),
        reading.peakResidentMb());
  }

  private void print() {
    System.out.printf(
        """

        %-62s %12s %12s
        %-62s %9s ms %12s
        %-62s %11s/s %12s
        %-62s %9s ms %12s
        %-62s %11s/s %12s

        """,
        "",
        "measured",
        "goal",
        "webhook: payment committed to first attempt, p99 at %.0f/s".formatted(rate),
        found("webhook_p99_ms"),
        "<= 2000 ms",
        "webhook deliveries, one gateway",
        found("deliveries_per_s"),
        ">= 1000/s",
        "list of 100 among %,d payments, p99".formatted(payments),
        found("list_p99_ms"),
        "<= 50 ms",
        "export, rows",
        found("export_rows_per_s"),
        ">= 50000/s");
  }

  private Object found(String name) {
    return last.getOrDefault(name, "-");
  }

  private static Map<String, Double> percentiles(Histogram micros) {
    var all = new LinkedHashMap<String, Double>();
    all.put("p50", micros.getValueAtPercentile(50) / 1e3);
    all.put("p99", micros.getValueAtPercentile(99) / 1e3);
    all.put("max", micros.getMaxValue() / 1e3);
    return all;
  }
}
