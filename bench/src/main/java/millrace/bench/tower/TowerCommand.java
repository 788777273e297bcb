package millrace.bench.tower;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.machine.Machine;
import millrace.embedded.Leftovers;
import millrace.embedded.LocalPostgres;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "tower",
    description = {
      "How fast a watchtower answers: how long a payment takes until it is guarded, at the hub's",
      "full rate; thousands of payers who leave in consecutive full blocks, answered with our own",
      "claim and with the standard one; and a tower with a million channels that comes back after",
      "the chain went on without it, with 512 MiB of heap.",
      "",
      "Deposits are written into the chain's storage and vouchers into the tower's database"
          + " instead",
      "of being made. The towers of the mass exits and of the million channels run alone, with a",
      "node and a database of their own and no broker. Blocks come as on a real chain, so a full"
          + " run",
      "takes about seven minutes."
    },
    mixinStandardHelpOptions = true)
public final class TowerCommand implements Callable<Integer> {
  private static final Path FOLDER = Path.of("bench", "target", "tower").toAbsolutePath();

  @Option(names = "--parts", split = ",", description = "guard, exit, million (default: all)")
  private List<String> parts = List.of("guard", "exit", "million");

  @Option(names = "--withdrawals", description = "In each mass exit (default: ${DEFAULT-VALUE})")
  private int withdrawals = 5_000;

  @Option(names = "--block-seconds", description = "Between blocks (default: ${DEFAULT-VALUE})")
  private int blockSeconds = 12;

  @Option(names = "--channels", description = "That the tower guards (default: ${DEFAULT-VALUE})")
  private int channels = 1_000_000;

  @Option(names = "--blocks", description = "It was away for (default: ${DEFAULT-VALUE})")
  private int blocks = 5_000;

  @Option(
      names = "--played",
      description = "Blocks it was away for the second time, by replay (default: ${DEFAULT-VALUE})")
  private int played = 100_000;

  @Option(names = "--seconds", description = "At the full rate (default: ${DEFAULT-VALUE})")
  private double seconds = 20;

  @Override
  public Integer call() throws Exception {
    var machine = Machine.here();
    Progress.say("bench tower on %s", machine);
    Leftovers.delete(FOLDER);
    var figures = new Figures();
    try (var postgres = LocalPostgres.in(FOLDER.resolve("postgres")).start()) {
      if (parts.contains("million")) {
        figures.million(new MillionChannels(channels, blocks, played, FOLDER).run(postgres));
      }
      if (parts.contains("exit")) figures.exits(exits(postgres));
    }
    if (parts.contains("guard")) figures.guard(new GuardRun(FOLDER, seconds).run());
    System.out.print(figures.table());
    var settings = new LinkedHashMap<String, Object>();
    settings.put("withdrawals", withdrawals);
    settings.put("block_seconds", blockSeconds);
    settings.put("channels", channels);
    settings.put("blocks", blocks);
    settings.put("played", played);
    var last = figures.last();
    Progress.say(
        "written to %s", Results.write("tower", machine, settings, last, figures.details()));
    System.out.println(Results.line(last));
    return figures.allClaimed() ? 0 : 1;
  }

  /// Both forms at the same time, each on a chain of its own: they mostly wait for blocks.
  private List<MassExit.Outcome> exits(LocalPostgres postgres)
      throws InterruptedException, ExecutionException {
    var outcomes = new ArrayList<MassExit.Outcome>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          List.of("compact", "standard").stream()
              .map(form -> new MassExit(form, withdrawals, blockSeconds, FOLDER))
              .map(exit -> threads.submit(() -> exit.run(postgres)))
              .toList();
      for (var exit : running) outcomes.add(exit.get());
    }
    return outcomes;
  }
}
