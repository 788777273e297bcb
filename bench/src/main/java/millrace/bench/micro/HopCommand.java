package millrace.bench.micro;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import millrace.bench.Progress;
import millrace.bench.Results;
import millrace.bench.hub.BenchHub;
import millrace.bench.hub.JsonProcess;
import millrace.bench.machine.Machine;
import millrace.bench.machine.Processor;
import millrace.bench.micro.HopClient.Order;
import millrace.bench.micro.HopClient.Report;
import millrace.bench.micro.HopFigures.Round;
import millrace.embedded.Directories;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "hop",
    description = {
      "What the way from the gateway to channel-service costs, by transport. Callers each send one",
      "payment, wait for its outcome and send the next, to a server in a process of its own that",
      "takes every payment at once: no signatures, no rules, no database.",
      "",
      "  gateway's own      batches over HTTP, as the gateway sends them to channel-service",
      "  HTTP, batches      by the least code, over the same HTTP client of the JDK",
      "  gRPC, batches      by the same code, as unary calls on one connection, with the same JSON",
      "  gRPC, a call each  no batches",
      "",
      "The first and the second tell what the gateway's code costs, the second and the third what",
      "the protocol and its library do.",
      "",
      "Last line: by transport and callers, payments a second, latencies, and processor time per",
      "payment of client and server; with the ratios to the gateway's own, of payments a second",
      "and of payments for the same processor time. Above 1 is better than the gateway's own."
    },
    mixinStandardHelpOptions = true)
public final class HopCommand implements Callable<Integer> {
  private static final Path FOLDER = Path.of("bench", "target", "hop").toAbsolutePath();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int WARM_UP_CALLERS = 64;

  @Option(
      names = "--callers",
      split = ",",
      description = "At once (default: ${DEFAULT-VALUE})",
      defaultValue = "16,64,256")
  private List<Integer> callers = List.of();

  @Option(
      names = "--warm-up",
      description = "Seconds of each transport before anything counts (default: ${DEFAULT-VALUE})")
  private double warmUp = 15;

  @Option(names = "--seconds", description = "Of each measurement (default: ${DEFAULT-VALUE})")
  private double seconds = 4;

  @Option(
      names = "--rounds",
      description = "Through all transports, there and back in turn (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Override
  public Integer call() {
    var machine = Machine.here();
    Progress.say("bench hop on %s", machine);
    Directories.delete(FOLDER);
    try (var server = java(HopServer.class, FOLDER.resolve("tomcat").toString())) {
      // What it says about its ports is what the client wants to be told.
      try (var client = java(HopClient.class, server.hear())) {
        warmUp(client);
        var measured = measure(client, server);
        var figures = figures(measured);
        HopTable.print(figures, System.out);
        var last = HopTable.last(figures);
        var settings =
            Map.of("callers", callers, "warmUp", warmUp, "seconds", seconds, "rounds", rounds);
        Progress.say("written to %s", Results.write("hop", machine, settings, last, measured));
        System.out.println(Results.line(last));
      }
    }
    return 0;
  }

  /// In the JVM that a hub gets: the options of this one are for a quick start.
  private static JsonProcess java(Class<?> main, String argument) {
    var log = FOLDER.resolve(main.getSimpleName() + ".log");
    return JsonProcess.java(log, BenchHub.launcherOptions(), main, List.of(argument));
  }

  /// In turns, so that no transport is compiled for while it has the code they share for itself.
  private void warmUp(JsonProcess client) {
    int turns = 3;
    for (int turn = 1; turn <= turns; turn++) {
      for (var transport : HopTransport.values()) {
        var report = run(client, new Order(transport, WARM_UP_CALLERS, warmUp / turns));
        Progress.say(
            "warming up %d/%d   %-18s %,9.0f/s",
            turn, turns, transport.label(), report.payments() / report.seconds());
      }
    }
  }

  private List<Round> measure(JsonProcess client, JsonProcess server) {
    var measured = new ArrayList<Round>();
    for (int round = 1; round <= rounds; round++) {
      var order = List.of(HopTransport.values());
      if (round % 2 == 0) order = order.reversed();
      for (int count : callers) {
        for (var transport : order) {
          var it = measure(client, server, new Order(transport, count, seconds));
          measured.add(it);
          Progress.say(
              "round %d/%d   callers %3d   %-18s %,9.0f/s   p50 %6.2f ms   p99 %6.2f ms",
              round,
              rounds,
              count,
              transport.label(),
              it.perSecond(),
              it.report().p50Millis(),
              it.report().p99Millis());
        }
      }
    }
    return measured;
  }

  private static Round measure(JsonProcess client, JsonProcess server, Order order) {
    double clientBefore = Processor.millis(client.pid());
    double serverBefore = Processor.millis(server.pid());
    var report = run(client, order);
    return new Round(
        order.transport(),
        order.callers(),
        report,
        Processor.millis(client.pid()) - clientBefore,
        Processor.millis(server.pid()) - serverBefore);
  }

  private static Report run(JsonProcess client, Order order) {
    client.tell(JSON.writeValueAsString(order));
    return JSON.readValue(client.hear(), Report.class);
  }

  private List<HopFigures> figures(List<Round> measured) {
    return callers.stream()
        .flatMap(
            count ->
                Stream.of(HopTransport.values()).map(transport -> of(measured, transport, count)))
        .toList();
  }

  private static HopFigures of(List<Round> measured, HopTransport transport, int callers) {
    return HopFigures.of(
        measured.stream()
            .filter(it -> it.callers() == callers && it.transport() == transport)
            .toList());
  }
}
