package millrace.bench.tower;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import millrace.bench.Progress;
import millrace.bench.hub.BenchHub;
import millrace.bench.hub.Lag;
import millrace.bench.hub.Seller;
import millrace.bench.load.LoadProcess;
import millrace.bench.load.Order;
import millrace.bench.load.Shape;

/// A whole hub at its full rate of payments, and how long each takes until the tower holds it.
final class GuardRun {
  private static final int CHANNELS = 64;
  private static final int MOST_PER_SECOND = 4_000;
  private static final double WARM_UP_SECONDS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final double seconds;

  GuardRun(Path folder, double seconds) {
    this.folder = folder.resolve("guard");
    this.seconds = seconds;
  }

  /// @param perSecond payments accepted
  record Outcome(double perSecond, double p99Millis, double worstMillis) {}

  Outcome run() throws InterruptedException {
    try (var hub = BenchHub.start(folder.resolve("hub"), List.of());
        var load = LoadProcess.start(folder.resolve("load.log"), t -> Progress.say("%s", t));
        var lag = Lag.of(hub)) {
      var access = hub.access();
      var chain = URI.create(access.chain().rpcUrl());
      var seller = Seller.at(access.gateway(), access.operatorKey(), chain, load.upstream());
      load.open(seller.order("tower", CHANNELS));
      int each = (int) (MOST_PER_SECOND * (seconds + WARM_UP_SECONDS) / CHANNELS);
      load.sign(new Order.Sign("tower", CHANNELS, each));
      load.run(pay(WARM_UP_SECONDS));
      lag.begin();
      var report = load.run(pay(seconds));
      var behind = lag.end(PATIENCE);
      return new Outcome(report.perSecond(), lag.towerP99Seconds() * 1e3, behind.tower() * 1e3);
    }
  }

  private static Order.Run pay(double seconds) {
    return new Order.Run("tower", Shape.API, CHANNELS, CHANNELS, 1, 0, false, seconds);
  }
}
