package millrace.bench.payments;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
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

/// A hub, a load generator, and one phase after the other.
final class PaymentsBench implements AutoCloseable {
  static final String OURS = "millrace";

  private static final Path FOLDER = Path.of("bench", "target", "payments").toAbsolutePath();
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
  private static final double OVERLOAD_SECONDS = 30;

  /// Vouchers beyond what a phase should need.
  private static final double ROOM = 1.4;

  private final Settings settings;
  private final BenchHub hub;
  private final LoadProcess load;
  private final Lag lag;
  private final Map<String, String> durability;
  private final boolean takesBatches;
  private final Map<Shape, Double> best = new EnumMap<>(Shape.class);
  private final List<Measured> measured = new ArrayList<>();
  private String phase = "opening";
  private long residentMebibytes;

  private PaymentsBench(Settings settings, BenchHub hub) throws InterruptedException {
    this.settings = settings;
    this.hub = hub;
    durability = Durability.require(hub.databaseUrl("channel"));
    Progress.say("PostgreSQL says %s", durability);
    lag = Lag.of(hub);
    load = LoadProcess.start(FOLDER.resolve("load.log"), this::tell);
    var seller = seller(hub, load);
    takesBatches = seller.takesBatches();
    var opened = load.open(seller.order(OURS, settings.channels()));
    Progress.say("%,d channels opened in %.1f s", opened.count(), opened.seconds());
  }

  static PaymentsBench start(Settings settings) throws InterruptedException {
    var hub = BenchHub.start(FOLDER.resolve("hub"), settings.javaOptions());
    try {
      Progress.say("the hub is up at %s, process %d", hub.access().gateway(), hub.pid());
      return new PaymentsBench(settings, hub);
    } catch (RuntimeException | InterruptedException failure) {
      hub.close();
      throw failure;
    }
  }

  private static Seller seller(BenchHub hub, LoadProcess load) throws InterruptedException {
    var access = hub.access();
    var chain = URI.create(access.chain().rpcUrl());
    return Seller.at(access.gateway(), access.operatorKey(), chain, load.upstream());
  }

  Map<String, String> durability() {
    return durability;
  }

  List<Measured> measured() {
    return List.copyOf(measured);
  }

  void run() {
    warmUp();
    for (var stage : Stage.values()) {
      if (!settings.stages().contains(stage)) continue;
      if (stage == Stage.BATCH && !takesBatches) {
        Progress.say("%s: left out, the gateway has no such endpoint", stage.label());
      } else {
        measure(stage);
      }
    }
    if (settings.overload()) overload();
  }

  private void measure(Stage stage) {
    double rate = stage == Stage.HALF ? half() : 0;
    double expected = rate == 0 ? expected(stage) : rate;
    sign(stage, expected, settings.seconds());
    measured.add(measured(stage.label(), order(stage, rate, false, settings.seconds())));
  }

  /// Short turns of everything that will be measured, since the JIT compiles what it sees.
  private void warmUp() {
    double left = settings.warmUpSeconds();
    while (left > 0) {
      for (var turn : turns()) {
        double seconds = Math.min(turn.seconds(), left);
        if (seconds <= 0) return;
        sign(turn.stage(), expected(turn.stage()), seconds);
        run("warm-up " + turn.stage().label(), order(turn.stage(), 0, false, seconds));
        left -= seconds;
      }
    }
  }

  private record Turn(Stage stage, double seconds) {}

  private List<Turn> turns() {
    var shapes = settings.stages().stream().map(Stage::shape).toList();
    return Stream.of(
            new Turn(Stage.SINGLE_64, 8),
            new Turn(Stage.BATCH, 4),
            new Turn(Stage.PAYWALL, 5),
            new Turn(Stage.UNPAID, 3))
        .filter(turn -> shapes.contains(turn.stage().shape()))
        .filter(turn -> turn.stage() != Stage.BATCH || takesBatches)
        .toList();
  }

  private void overload() {
    double rate = 2 * 2 * half();
    sign(Stage.HALF, rate, OVERLOAD_SECONDS);
    measured.add(measured("overload", order(Stage.HALF, rate, true, OVERLOAD_SECONDS)));
    sign(Stage.SINGLE_64, expected(Stage.SINGLE_64), settings.seconds());
    measured.add(measured("after", order(Stage.SINGLE_64, 0, false, settings.seconds())));
  }

  private Order.Run order(Stage stage, double perSecond, boolean sheds, double seconds) {
    return new Order.Run(
        OURS,
        stage.shape(),
        settings.lanes(stage),
        settings.channels(stage),
        settings.lines(stage),
        perSecond,
        sheds,
        seconds);
  }

  private void sign(Stage stage, double perSecond, double seconds) {
    if (stage.shape() == Shape.UNPAID) return;
    int channels = settings.channels(stage);
    int each = (int) (perSecond * seconds / channels) + 1 + 2 * settings.lines(stage);
    var signed = load.sign(new Order.Sign(OURS, channels, each));
    if (signed.seconds() > 1) {
      Progress.say("%,d vouchers signed in %.1f s", signed.count(), signed.seconds());
    }
  }

  /// Payments a second for which there should be vouchers.
  private double expected(Stage stage) {
    var known = best.get(stage.shape());
    return known == null || stage == Stage.SINGLE_1
        ? stage.guess()
        : Math.min(stage.guess(), ROOM * known);
  }

  private double half() {
    return bestSingle().map(it -> it.report().perSecond() / 2).orElse(settings.halfRate());
  }

  private Optional<Measured> bestSingle() {
    return measured.stream()
        .filter(it -> Stage.of(it.phase()).filter(Stage::isSingle).isPresent())
        .max(Comparator.comparing(it -> it.report().perSecond()));
  }

  private Measured measured(String name, Order.Run order) {
    var parts = new TreeMap<>(hub.parts());
    parts.put("load", load.pid());
    residentMebibytes = 0;
    lag.begin();
    var before = Costs.soFar(parts);
    var report = run(name, order);
    var behind = lag.end(SETTLE_LIMIT);
    var costs = Costs.soFar(parts).since(before);
    var it = new Measured(name, order.lanes(), report, costs, behind, residentMebibytes);
    Progress.say(
        "%s: %,.0f/s, p99 %.1f ms, %.3f ms of processor each, caught up after %.1f s",
        name, report.perSecond(), report.p99Millis(), it.hubMillisEach(), behind.settle());
    return it;
  }

  private PhaseReport run(String name, Order.Run order) {
    phase = name;
    var report = load.run(order);
    lookAtMemory();
    best.merge(order.shape(), report.perSecond(), Math::max);
    if (report.errors() > 0) Progress.say("%s: %s", name, report.refusals());
    for (var surprise : report.surprises()) Progress.say("%s: %s", name, surprise);
    return report;
  }

  private void tell(String text) {
    lookAtMemory();
    Progress.say("%s: %s; %,d MiB; %s", phase, text, residentMebibytes, lag.now());
  }

  private void lookAtMemory() {
    residentMebibytes = Math.max(residentMebibytes, Processor.residentMebibytes(hub.pid()));
  }

  /// What the last line says. A figure that was not measured is left out.
  Map<String, Object> summary() {
    var last = new LinkedHashMap<String, Object>();
    bestSingle().ifPresent(it -> last.put("single_per_s", Math.round(it.report().perSecond())));
    put(last, "batch_per_s", Stage.BATCH);
    put(last, "paywall_per_s", Stage.PAYWALL);
    put(last, "unpaid_402_per_s", Stage.UNPAID);
    of(Stage.HALF).ifPresent(it -> last.put("p99_half_ms", tenths(it.report().p99Millis())));
    bestSingle().ifPresent(it -> last.put("cpu_ms_per_payment", thousandths(it.hubMillisEach())));
    last.put("fsync", durability.get("fsync"));
    return last;
  }

  private void put(Map<String, Object> last, String name, Stage stage) {
    of(stage).ifPresent(it -> last.put(name, Math.round(it.report().perSecond())));
  }

  private Optional<Measured> of(Stage stage) {
    return measured.stream().filter(it -> it.phase().equals(stage.label())).findFirst();
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static double thousandths(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }

  @Override
  public void close() {
    lag.close();
    load.close();
    hub.close();
  }
}
