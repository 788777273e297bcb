package millrace.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import millrace.cli.EventStream.Patience;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
    name = "payments",
    mixinStandardHelpOptions = true,
    description = "What a merchant was paid.",
    subcommands = PaymentsCommand.Tail.class)
public final class PaymentsCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: payments tail");
  }

  @Command(
      name = "tail",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Prints the last payments, and then each as it happens. Ends with Ctrl-C.",
        "",
        "A line is: time, id, amount in base units, channel, resource."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:done, or as many as --count asks for",
        "2:wrong usage",
        "4:the hub refused",
        "5:the hub did not answer",
        "130:Ctrl-C"
      })
  static final class Tail implements Callable<Integer> {
    private static final int PAGE = 100;

    @Mixin HubOptions options = new HubOptions();

    @Option(
        names = {"-n", "--last"},
        paramLabel = "N",
        defaultValue = "10",
        description = "Begin with so many, 100 at most (${DEFAULT-VALUE}).")
    int last = 10;

    @Option(names = "--no-follow", description = "End after those.")
    boolean ends;

    @Option(names = "--count", paramLabel = "N", description = "End after so many new ones.")
    int count = Integer.MAX_VALUE;

    private final Set<String> shown = new HashSet<>();
    private int seen;

    @Override
    public Integer call() throws InterruptedException {
      if (last < 0 || last > PAGE) throw options.usage("-n is between 0 and " + PAGE);
      if (count < 1) throw options.usage("--count is 1 or more");
      var hub = options.merchant();
      var report = options.report();
      if (ends) return past(hub, report).value();
      var patience = new Patience(Patience.SILENCE, options.pause());
      var types = List.of("payment.succeeded");
      var stream = new EventStream(hub, types, patience, Optional.empty(), report);
      return stream
          .follow(
              // Once the stream is open, so that nothing falls between the two.
              () -> past(hub, report),
              event -> {
                show(HubClient.parsed(event.data()).path("data"), report);
                return seen < count;
              })
          .value();
    }

    private ExitCode past(HubClient hub, Report report) throws InterruptedException {
      if (last == 0) return ExitCode.OK;
      return switch (hub.get("/v1/payments?limit=" + last)) {
        case Answer.Done(_, var list) -> {
          var payments = new ArrayList<JsonNode>();
          for (var payment : list.path("data")) payments.addFirst(payment);
          for (var payment : payments) {
            shown.add(payment.path("id").asString(""));
            report.line(payment, text(payment));
          }
          yield ExitCode.OK;
        }
        case Answer other -> report.failure(other);
      };
    }

    private void show(JsonNode payment, Report report) {
      if (!shown.add(payment.path("id").asString(""))) return;
      report.line(payment, text(payment));
      seen++;
    }

    private static String text(JsonNode payment) {
      return "%-27s  %s  %12s  %s  %s"
          .formatted(
              payment.path("created_at").asString(""),
              payment.path("id").asString(""),
              payment.path("amount").asString(""),
              payment.path("channel").asString(""),
              payment.path("resource").asString(""));
    }
  }
}
