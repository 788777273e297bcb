package millrace.bench.payments;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import millrace.bench.Progress;
import millrace.bench.hub.BenchHub;
import millrace.bench.hub.Costs;
import millrace.bench.hub.Durability;
import millrace.bench.hub.Lag;
import millrace.bench.hub.Seller;
import millrace.bench.load.LoadProcess;
import millrace.bench.load.Order;
import millrace.bench.load.PhaseReport;
import millrace.bench.load.Shape;
import millrace.bench.machine.Processor;

/// The processes of a run, and how one phase is measured.
final class Rig implements AutoCloseable {
  static final String OURS = "millrace";
  static final Path FOLDER = Path.of("bench", "target", "payments").toAbsolutePath();

  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);

  private final BenchHub hub;
  private final LoadProcess load;
  private final Lag lag;
  private final Map<String, String> durability;
  private final boolean takesBatches;
  private final Seller seller;
  private final Map<String, Map<Shape, Double>> best = new HashMap<>();
  private String phase = "opening";
  private long watched;
  private long residentMebibytes;

  private Rig(Settings settings, BenchHub hub) throws InterruptedException {
    this.hub = hub;
    this.watched = hub.pid();
    durability = Durability.require(hub.databaseUrl("channel"));
    Progress.say("PostgreSQL says %s", durability);
    lag = Lag.of(hub);
    load = LoadProcess.start(FOLDER.resolve("load.log"), this::tell);
    var access = hub.access();
    seller = Seller.at(access.gateway(), access.operatorKey(), chain(), load.upstream());
    takesBatches = seller.takesBatches();
    open(seller.order(OURS, settings.channels()));
  }

  static Rig start(Settings settings) throws InterruptedException {
    var hub = BenchHub.start(FOLDER.resolve("hub"), settings.javaOptions());
    try {
      Progress.say("the hub is up at %s, process %d", hub.access().gateway(), hub.pid());
      return new Rig(settings, hub);
    } catch (RuntimeException | InterruptedException failure) {
      hub.close();
      throw failure;
    }
  }

  /// What PostgreSQL says of its own durability.
  Map<String, String> durability() {
    return durability;
  }

  boolean takesBatches() {
    return takesBatches;
  }

  void open(Order.Open order) {
    phase = "opening with " + order.seller();
    var opened = load.open(order);
    Progress.say("%s: %,d channels in %.1f s", phase, opened.count(), opened.seconds());
  }

  /// A paywalled route of ours.
  URI route() {
    return seller.route();
  }

  /// JSON-RPC of the chain that all are on.
  URI chain() {
    return URI.create(hub.access().chain().rpcUrl());
  }

  /// The most that was ever reached with a seller, payments a second.
  double best(String seller, Shape shape, double otherwise) {
    return best.getOrDefault(seller, Map.of()).getOrDefault(shape, otherwise);
  }

  /// Signs what a phase needs.
  void sign(Order.Run order, double paymentsPerSecond) {
    if (order.shape() == Shape.UNPAID) return;
    int each =
        (int) (paymentsPerSecond * order.seconds() / order.channels()) + 1 + 2 * order.lines();
    var signed = load.sign(new Order.Sign(order.seller(), order.channels(), each));
    if (signed.seconds() > 1) {
      Progress.say("%,d vouchers signed in %.1f s", signed.count(), signed.seconds());
    }
  }

  /// One phase of ours.
  Measured measure(String name, Order.Run order) {
    return measure(name, order, hub.parts(), hub.pid());
  }

  /// One phase of a server that has only a process of its own and the chain.
  Measured measure(String name, Order.Run order, long server) {
    return measure(name, order, Map.of(Costs.SERVER, server, "anvil", hub.part("anvil")), server);
  }

  private Measured measure(String name, Order.Run order, Map<String, Long> whom, long server) {
    var parts = new TreeMap<>(whom);
    parts.put("load", load.pid());
    watched = server;
    residentMebibytes = 0;
    lag.begin();
    var before = Costs.soFar(parts);
    var report = run(name, order);
    var behind = lag.end(SETTLE_LIMIT);
    var costs = Costs.soFar(parts).since(before);
    var it = new Measured(name, order.lanes(), report, costs, behind, residentMebibytes);
    Progress.say(
        "%s: %,.0f/s, p99 %.1f ms, %.3f ms of processor each, caught up after %.1f s",
        name, report.perSecond(), report.p99Millis(), it.serverMillisEach(), behind.settle());
    return it;
  }

  /// Load that is not measured.
  PhaseReport run(String name, Order.Run order) {
    phase = name;
    var report = load.run(order);
    lookAtMemory();
    best.computeIfAbsent(order.seller(), _ -> new EnumMap<>(Shape.class))
        .merge(order.shape(), report.perSecond(), Math::max);
    if (report.errors() > 0) Progress.say("%s: %s", name, report.refusals());
    for (var surprise : report.surprises()) Progress.say("%s: %s", name, surprise);
    return report;
  }

  private void tell(String text) {
    lookAtMemory();
    Progress.say("%s: %s; %,d MiB; %s", phase, text, residentMebibytes, lag.now());
  }

  private void lookAtMemory() {
    residentMebibytes = Math.max(residentMebibytes, Processor.residentMebibytes(watched));
  }

  @Override
  public void close() {
    lag.close();
    load.close();
    hub.close();
  }
}
