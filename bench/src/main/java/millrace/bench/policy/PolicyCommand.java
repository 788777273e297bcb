package millrace.bench.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.machine.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "policy",
    description = {
      "When to claim and to pay: what a policy costs, what it leaves at risk, and how long",
      "merchants wait. Replays a simulated day of payments and gas prices through the very classes",
      "that settlement-service decides with, for three settings of them. No hub, no chain: gas is",
      "a fixed part and one for each row, as measured on the dev chain.",
      "",
      "Last line: by policy, gas and gwei per payment, dollars at risk (accepted, and not yet",
      "claimed in a final block) and seconds from asking for a payout until it is final."
    },
    mixinStandardHelpOptions = true)
public final class PolicyCommand implements Callable<Integer> {
  @Option(names = "--seed", description = "Another seed, another day (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(names = "--payments", description = "Of the day (default: ${DEFAULT-VALUE})")
  private int payments = 300_000;

  @Option(names = "--payers", description = "Each with one channel (default: ${DEFAULT-VALUE})")
  private int payers = 2_000;

  @Option(names = "--merchants", description = "(default: ${DEFAULT-VALUE})")
  private int merchants = 200;

  @Option(
      names = "--rows",
      description = "Of claims: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private GasModel rows = GasModel.COMPACT;

  @Option(names = "--chart", description = "Where to draw it (default: ${DEFAULT-VALUE})")
  private Path chart = Path.of("bench", "results", "policy.svg");

  @Override
  public Integer call() {
    Progress.say("bench policy, seed %d", seed);
    Progress.say("%,d payments of %,d payers to %,d merchants", payments, payers, merchants);
    Progress.say("gas: %s", rows.says());
    var day = Day.of(seed, payments, payers, merchants);
    var prices = new GasPrices(seed);
    var outcomes = new ArrayList<Outcome>();
    for (var contestant : Contestant.all()) {
      outcomes.add(Replay.of(contestant, day, prices, rows, seed));
      Progress.say("%s replayed", contestant.name());
    }
    PolicyTable.print(outcomes, System.out);
    write(PolicyChart.of(outcomes, prices));
    Progress.say("chart drawn to %s", chart);
    var last = PolicyTable.last(outcomes);
    Progress.say(
        "written to %s",
        Results.write("policy", Machine.here(), settings(), last, details(outcomes)));
    System.out.println(Results.line(last));
    return 0;
  }

  private Map<String, ?> settings() {
    return Map.of(
        "seed", seed,
        "payments", payments,
        "payers", payers,
        "merchants", merchants,
        "gas", rows.says());
  }

  /// Settings of each, and the course of the day.
  private static List<Map<String, Object>> details(List<Outcome> outcomes) {
    return outcomes.stream()
        .map(
            it ->
                Map.<String, Object>of(
                    "policy", it.contestant().name(),
                    "claims", it.contestant().claims().toString(),
                    "payouts", it.contestant().payouts().toString(),
                    "reasons", it.reasons(),
                    "atRiskEachMinute", it.atRisk()))
        .toList();
  }

  private void write(String svg) {
    try {
      var folder = chart.toAbsolutePath().getParent();
      if (folder != null) Files.createDirectories(folder);
      Files.writeString(chart, svg);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot draw the chart", e);
    }
  }
}
