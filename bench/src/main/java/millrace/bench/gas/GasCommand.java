package millrace.bench.gas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.machine.Machine;
import millrace.embedded.DevChain;
import picocli.CommandLine.Command;

@Command(
    name = "gas",
    description = {
      "What operations on the chain cost: gas used according to the receipts of one run on a",
      "development chain, beside what others need. Takes about a minute and loads no processor.",
      "",
      "Last line: gas per channel claimed, packed and in the published form, by rows in the",
      "transaction; gas of a deposit, of a payout per merchant at 100, and of leaving a channel."
    },
    mixinStandardHelpOptions = true)
public final class GasCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException, InterruptedException {
    var machine = Machine.here();
    Progress.say("bench gas on %s", machine);
    var folder = Files.createTempDirectory("millrace-gas");
    try (var chain = DevChain.in(folder).stoppedByCaller().start()) {
      var figures = new GasRun(new Scene(chain)).measure();
      figures.print(System.out);
      var settings = Map.of("hardfork", "the default of anvil", "rows", GasRun.BATCHES);
      var last = figures.lastLine();
      Progress.say(
          "written to %s", Results.write("gas", machine, settings, last, figures.measured()));
      System.out.println(Results.line(last));
    } finally {
      remove(folder);
    }
    return 0;
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }
}
