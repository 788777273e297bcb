package millrace.bench.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.hub.Seller;
import millrace.bench.load.Load;
import millrace.bench.load.Upstream;
import millrace.bench.machine.Machine;
import millrace.standalone.hub.ProcessHub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "crash",
    description = {
      "Kills processes of a hub with SIGKILL at random moments under full load: channel-service,",
      "gateway, Kafka, and PostgreSQL as a power cut would. The clients keep a journal of every",
      "acknowledged payment; after each restart the books must have all of it, and every channel",
      "must be able to pay on. Exit code 1 when something was lost or is stuck.",
      "",
      "max_recovery_s is the longest time in which no payment was acknowledged, JVM start included."
    },
    mixinStandardHelpOptions = true)
public final class CrashCommand implements Callable<Integer> {
  private static final Path FOLDER = Path.of("bench", "target", "crash");
  private static final List<String> JAVA_OPTIONS =
      List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @Option(names = "--rounds", description = "Kills (default: ${DEFAULT-VALUE})")
  private int rounds = 20;

  @Option(names = "--channels", description = "Channels that pay (default: ${DEFAULT-VALUE})")
  private int channels = 64;

  @Option(
      names = "--replicas",
      description = {
        "Channel-services behind the gateway; with more than one, those that are left serve while",
        "the first is down (default: ${DEFAULT-VALUE})"
      })
  private int replicas = 1;

  @Option(names = "--seed", description = "Of the moments (default: a random one, printed)")
  private long seed = new Random().nextLong();

  private Load load(ProcessHub hub, Upstream upstream) throws InterruptedException {
    var chain = URI.create(hub.chain().rpcUrl());
    var seller = Seller.at(hub.gateway(), hub.operatorKey(), chain, upstream.url());
    return Load.open(seller.order("crash", channels), text -> Progress.say("%s", text));
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    var machine = Machine.here();
    Progress.say("bench crash on %s", machine);
    Progress.say("seed %d", seed);
    try (var hub =
        ProcessHub.in(FOLDER)
            .javaOptions(JAVA_OPTIONS)
            .replicas(replicas)
            .progress(text -> Progress.say("%s", text))
            .start()) {
      if (replicas > 1) hub.useReplicas(replicas);
      try (var upstream = Upstream.start();
          var load = load(hub, upstream)) {
        var crash = new Crash(hub, load, new Random(seed), text -> Progress.say("%s", text));
        var report = crash.run(rounds);
        report
            .recoverySeconds()
            .forEach((who, seconds) -> Progress.say("%-15s %5.1f s at most", who, seconds));
        var last = new LinkedHashMap<String, Object>();
        last.put("rounds", report.rounds());
        last.put("acknowledged", report.acknowledged());
        last.put("lost", report.lost());
        last.put("stuck", report.stuck());
        last.put("max_recovery_s", Math.round(report.maxRecoverySeconds() * 10) / 10.0);
        var settings = new LinkedHashMap<String, Object>();
        settings.put("channels", channels);
        settings.put("replicas", replicas);
        settings.put("seed", seed);
        Progress.say("written to %s", Results.write("crash", machine, settings, last, report));
        System.out.println(Results.line(last));
        return report.lost() == 0 && report.stuck() == 0 ? 0 : 1;
      }
    }
  }
}
