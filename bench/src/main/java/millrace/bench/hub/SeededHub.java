package millrace.bench.hub;

import java.net.URI;
import java.nio.file.Path;
import millrace.bench.Progress;
import millrace.bench.load.Keyring;
import millrace.bench.load.LoadProcess;
import millrace.bench.load.Order;
import millrace.bench.load.PhaseReport;
import millrace.bench.load.Prices;
import millrace.bench.load.Shape;
import millrace.protocol.type.Address;
import millrace.protocol.x402.PaymentRequirements;
import millrace.standalone.hub.ProcessHub;

/// A hub of processes with more open channels than a chain could open in good time: they are in
/// its database alone. So nobody settles, who would find the chain without them.
public final class SeededHub implements AutoCloseable {
  private final ProcessHub hub;
  private final LoadProcess load;
  private final Seller seller;
  private final PaymentRequirements offer;
  private final Seed seed;

  private SeededHub(Path folder, int replicas) throws InterruptedException {
    hub =
        ProcessHub.in(folder.resolve("hub"))
            .javaOptions(BenchHub.launcherOptions())
            .replicas(replicas)
            .withoutSettlement()
            .progress(text -> Progress.say("%s", text))
            .start();
    load = LoadProcess.start(folder.resolve("load.log"), text -> Progress.say("%s", text));
    seller =
        Seller.at(
            hub.gateway(), hub.operatorKey(), URI.create(hub.chain().rpcUrl()), load.upstream());
    offer = Prices.of(seller.route()).terms();
    seed = new Seed(databaseUrl("channel"), offer.network(), Seller.DEPOSIT, hub.directory());
    seed.declareHeadFresh();
  }

  /// @param replicas of channel-service
  public static SeededHub start(Path folder, int replicas) throws InterruptedException {
    return new SeededHub(folder, replicas);
  }

  public Seller seller() {
    return seller;
  }

  /// What payments are in.
  public Address token() {
    return offer.asset();
  }

  public long gatewayPid() {
    return hub.service("gateway").pid();
  }

  public String databaseUrl(String name) {
    return hub.postgres().jdbcUrl(name) + "?user=" + hub.postgres().user();
  }

  /// @param wallet the name of those who pay from some of the new channels
  /// @param payers how many they are, spread evenly
  public void add(int channels, String wallet, int payers) throws InterruptedException {
    seed.add(channels, Keyring.channels(offer, wallet, payers));
    Books.of(hub).requireInOrder();
    load.adopt(new Order.Adopt(wallet, seller.route(), seller.gateway(), seller.apiKey(), payers));
  }

  /// Single payments, one under way on each channel.
  ///
  /// @param perSecond by the clock, and what cannot leave in time stays away; 0 for as many as are
  ///     answered
  /// @param most payments a second for which there are vouchers
  public PhaseReport pay(
      String wallet, int channels, double perSecond, double most, double seconds) {
    load.sign(new Order.Sign(wallet, channels, (int) (most * seconds / channels) + 3));
    boolean sheds = perSecond > 0;
    return load.run(
        new Order.Run(wallet, Shape.API, channels, channels, 1, perSecond, sheds, seconds));
  }

  /// Tells the gateway of so many channel-services, which it has to be started again for.
  public void useReplicas(int count) throws InterruptedException {
    hub.useReplicas(count);
  }

  @Override
  public void close() {
    load.close();
    hub.close();
  }
}
