package millrace.bench.payments;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import millrace.bench.hub.Seller;
import millrace.bench.load.Order;
import millrace.bench.load.Prices;
import millrace.bench.load.Shape;
import millrace.bench.peer.PeerServer;
import millrace.bench.peer.PeerStorage;
import millrace.protocol.x402.PaymentRequirements;

/// The stock server on the same chain, under the same load.
final class Peers implements AutoCloseable {
  private static final int CHANNELS = 64;
  private static final double WARM_UP_SECONDS = 12;

  /// Payments a second before anything was measured, with room above.
  private static final double GUESS = 800;

  private final Rig rig;
  private final double seconds;
  private final Map<PeerStorage, PeerServer> servers = new EnumMap<>(PeerStorage.class);
  private final List<Measured> measured = new ArrayList<>();

  private Peers(Rig rig, double seconds) {
    this.rig = rig;
    this.seconds = seconds;
  }

  /// One with its default, which is memory, and one with files.
  static Peers start(Rig rig, double seconds) throws InterruptedException {
    var peers = new Peers(rig, seconds);
    try {
      var ours = Prices.of(rig.route()).terms();
      for (var storage : PeerStorage.values()) peers.start(storage, ours);
      return peers;
    } catch (RuntimeException | InterruptedException failure) {
      peers.close();
      throw failure;
    }
  }

  private void start(PeerStorage storage, PaymentRequirements ours) {
    var server = PeerServer.start(storage, rig.chain(), ours, Rig.FOLDER.resolve(name(storage)));
    servers.put(storage, server);
    rig.open(
        new Order.Open(
            name(storage),
            server.route(),
            Optional.empty(),
            Optional.empty(),
            rig.chain(),
            CHANNELS,
            Seller.DEPOSIT));
  }

  void warmUp() {
    for (var storage : servers.keySet()) {
      var order = order(storage, CHANNELS, WARM_UP_SECONDS);
      rig.sign(order, GUESS);
      rig.run("warm-up " + name(storage), order);
    }
  }

  /// @param lanes requests under way at once
  Measured measure(PeerStorage storage, int lanes) {
    var order = order(storage, lanes, seconds);
    rig.sign(order, 1.5 * rig.best(name(storage), Shape.PAYWALL, GUESS));
    var it = rig.measure(name(storage) + "-" + lanes, order, server(storage).pid());
    measured.add(it);
    return it;
  }

  /// What it answers to those who come without money, which no storage is asked for.
  Measured measureUnpaid() {
    var name = name(PeerStorage.MEMORY);
    var order = new Order.Run(name, Shape.UNPAID, CHANNELS, CHANNELS, 1, 0, false, seconds);
    return rig.measure("x402-unpaid", order, server(PeerStorage.MEMORY).pid());
  }

  private PeerServer server(PeerStorage storage) {
    var server = servers.get(storage);
    if (server == null) throw new IllegalStateException(storage + " was not started");
    return server;
  }

  /// The fastest that any of them has been.
  Optional<Measured> best() {
    return measured.stream().max(Comparator.comparing(it -> it.report().perSecond()));
  }

  private static Order.Run order(PeerStorage storage, int lanes, double seconds) {
    return new Order.Run(name(storage), Shape.PAYWALL, lanes, lanes, 1, 0, false, seconds);
  }

  private static String name(PeerStorage storage) {
    return "x402-" + storage.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    servers.values().forEach(PeerServer::close);
  }
}
