package millrace.standalone;

import java.time.Duration;
import java.util.concurrent.Callable;
import millrace.standalone.demo.Demo;
import millrace.standalone.hub.LocalHub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = "Plays the main job on a fresh hub: payments, claims, payouts, a fraud attempt",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--exit", description = "Stop afterwards; exit code 0 only if nothing was lost")
  private boolean exit;

  @Option(names = "--port", description = "Of the gateway (default: ${DEFAULT-VALUE})")
  private int port = 8402;

  @Override
  public Integer call() throws InterruptedException {
    var folder = DataFolder.demo();
    DataFolder.forget(folder);
    var key = Secrets.fresh();
    long start = System.nanoTime();
    System.out.println("Millrace demo: a whole hub on this machine, data in " + folder);
    try (var stop = new StopSignal();
        var hub = LocalHub.start(folder, port, key, Steps.since(start))) {
      System.out.printf(
          "· the hub is up after %.1f s%n",
          Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3);
      boolean sound = new Demo(hub, key, System.out).play();
      if (!exit) {
        System.err.println("The hub still runs at " + hub.url() + "; Ctrl-C stops it.");
        stop.await();
      }
      return sound ? 0 : 1;
    }
  }
}
