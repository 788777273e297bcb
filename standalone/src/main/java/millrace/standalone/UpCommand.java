package millrace.standalone;

import java.time.Duration;
import java.util.concurrent.Callable;
import millrace.standalone.demo.Shop;
import millrace.standalone.hub.LocalHub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = "Runs a whole hub on this machine and keeps its data",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  /// Fixed, so that the sample route of an earlier run still finds its upstream.
  private static final int SHOP_PORT = 8499;

  @Option(names = "--fresh", description = "Forget the data of earlier runs")
  private boolean fresh;

  @Option(names = "--port", description = "Of the gateway (default: ${DEFAULT-VALUE})")
  private int port = 8402;

  @Override
  public Integer call() throws InterruptedException {
    var folder = DataFolder.up();
    if (fresh) DataFolder.forget(folder);
    long start = System.nanoTime();
    System.out.println("Millrace: data in " + folder);
    var sample = Sample.in(folder);
    try (var stop = new StopSignal();
        var shop = Shop.start(SHOP_PORT);
        var hub = LocalHub.start(folder, port, sample.operatorKey(), Steps.since(start))) {
      var ready = sample.prepare(hub, shop);
      System.out.printf(
          "Ready after %.1f s.%n%n%s%n",
          Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3, ready.text(hub));
      stop.await();
    }
    return 0;
  }
}
