package millrace.bench.scale;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.machine.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "scale",
    description = {
      "Payments a second with ever more open channels in the database, and with 1 and 2 replicas",
      "of channel-service behind the gateway; one JVM per service, 64 payments under way at once.",
      "",
      "Channels are seeded by COPY into channel-service's database as their deposits would have",
      "left them; of each size, payers whose keys the load generator has are spread over the rows.",
      "The chain's state is not seeded and settlement is off; the chain's head is declared fresh."
    },
    mixinStandardHelpOptions = true)
public final class ScaleCommand implements Callable<Integer> {
  @Option(
      names = "--sizes",
      split = ",",
      description = "Open channels, ascending (default: ${DEFAULT-VALUE})")
  private List<Integer> sizes = List.of(1_000, 100_000, 1_000_000);

  @Option(names = "--payers", description = "Who pay, of each size (default: ${DEFAULT-VALUE})")
  private int payers = 256;

  @Option(names = "--seconds", description = "Of each phase (default: ${DEFAULT-VALUE})")
  private double seconds = 12;

  @Option(names = "--warm-up", description = "Seconds of load before (default: ${DEFAULT-VALUE})")
  private double warmUp = 40;

  @Override
  public Integer call() throws InterruptedException {
    var machine = Machine.here();
    Progress.say("bench scale on %s", machine);
    Progress.say("chain state is not seeded, settlement is off");
    try (var bench = ScaleBench.start(payers, seconds, 2)) {
      var perSecond = new LinkedHashMap<String, Object>();
      for (int size : sizes) {
        bench.growTo(size);
        bench.warmUp(perSecond.isEmpty() ? warmUp : 5);
        perSecond.put(Integer.toString(size), Math.round(bench.measure("%,d".formatted(size))));
      }
      var replicas = new LinkedHashMap<String, Object>();
      for (int count : List.of(1, 2)) {
        bench.useReplicas(count);
        bench.warmUp(warmUp / 2);
        var name = "%d of 2 replicas in use".formatted(count);
        replicas.put(Integer.toString(count), Math.round(bench.measure(name)));
      }
      var last = new LinkedHashMap<String, Object>();
      last.put("per_s", perSecond);
      last.put("replicas", replicas);
      var settings = Map.of("payers", payers, "seconds", seconds, "warm_up", warmUp);
      var file = Results.write("scale", machine, settings, last, "settlement off");
      Progress.say("written to %s", file);
      System.out.println(Results.line(last));
    }
    return 0;
  }
}
