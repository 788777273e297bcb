package millrace.bench.scale;

import java.net.URI;
import java.nio.file.Path;
import millrace.bench.Progress;
import millrace.bench.hub.BenchHub;
import millrace.bench.hub.Books;
import millrace.bench.hub.Seed;
import millrace.bench.hub.Seller;
import millrace.bench.load.Keyring;
import millrace.bench.load.LoadProcess;
import millrace.bench.load.Order;
import millrace.bench.load.PhaseReport;
import millrace.bench.load.Prices;
import millrace.bench.load.Shape;
import millrace.protocol.x402.PaymentRequirements;
import millrace.standalone.hub.ProcessHub;

/// A hub of processes without settlement, whose database grows between the phases.
final class ScaleBench implements AutoCloseable {
  private static final Path FOLDER = Path.of("bench", "target", "scale").toAbsolutePath();
  private static final int LANES = 64;
  private static final double GUESS = 10_000;

  private final int payers;
  private final double seconds;
  private final ProcessHub hub;
  private final LoadProcess load;
  private final Seller seller;
  private final PaymentRequirements offer;
  private final Seed seed;
  private int channels;
  private String wallet = "";

  private ScaleBench(int payers, double seconds, int replicas) throws InterruptedException {
    this.payers = payers;
    this.seconds = seconds;
    hub =
        ProcessHub.in(FOLDER.resolve("hub"))
            .javaOptions(BenchHub.launcherOptions())
            .replicas(replicas)
            .withoutSettlement()
            .progress(text -> Progress.say("%s", text))
            .start();
    load = LoadProcess.start(FOLDER.resolve("load.log"), text -> Progress.say("%s", text));
    seller =
        Seller.at(
            hub.gateway(), hub.operatorKey(), URI.create(hub.chain().rpcUrl()), load.upstream());
    offer = Prices.of(seller.route()).terms();
    var url = hub.postgres().jdbcUrl("channel") + "?user=" + hub.postgres().user();
    seed = new Seed(url, offer.network(), Seller.DEPOSIT, hub.directory());
    seed.declareHeadFresh();
  }

  static ScaleBench start(int payers, double seconds, int replicas) throws InterruptedException {
    return new ScaleBench(payers, seconds, replicas);
  }

  /// Adds channels until there are so many. Those that pay from now on are among the new ones.
  void growTo(int count) throws InterruptedException {
    long start = System.nanoTime();
    wallet = "scale-" + count;
    seed.add(count - channels, Keyring.channels(offer, wallet, payers));
    channels = count;
    Books.of(hub).requireInOrder();
    load.adopt(new Order.Adopt(wallet, seller.route(), seller.gateway(), seller.apiKey(), payers));
    Progress.say(
        "%,d open channels are in the database; the new ones took %.1f s",
        count, (System.nanoTime() - start) / 1e9);
  }

  void warmUp(double length) {
    for (double left = length; left > 0; left -= 10) run(Math.min(10, left));
  }

  double measure(String name) {
    var report = run(seconds);
    Progress.say(
        "%s: %,.0f payments/s, p99 %.1f ms, %d errors, answers %s",
        name, report.perSecond(), report.p99Millis(), report.errors(), report.refusals());
    return report.perSecond();
  }

  private PhaseReport run(double length) {
    int each = (int) (GUESS * length / LANES) + 1;
    load.sign(new Order.Sign(wallet, LANES, each));
    return load.run(new Order.Run(wallet, Shape.API, LANES, LANES, 1, 0, false, length));
  }

  /// Tells the gateway of so many channel-services, which it has to be started again for.
  void useReplicas(int count) throws InterruptedException {
    hub.useReplicas(count);
    Progress.say("the gateway has %d channel-services", count);
  }

  @Override
  public void close() {
    load.close();
    hub.close();
  }
}
