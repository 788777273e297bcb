package millrace.bench.payments;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.bench.Progress;
import millrace.bench.load.Order;
import millrace.bench.peer.PeerStorage;

/// One phase after the other; with a peer, its phases between ours, so that a machine that grows
/// slower or faster does so for both.
final class PaymentsBench implements AutoCloseable {
  /// Vouchers beyond what a phase should need.
  private static final double ROOM = 1.4;

  private final Settings settings;
  private final Rig rig;
  private final Optional<Peers> peers;
  private final List<Measured> measured = new ArrayList<>();

  private PaymentsBench(Settings settings, Rig rig) throws InterruptedException {
    this.settings = settings;
    this.rig = rig;
    this.peers =
        settings.peer() ? Optional.of(Peers.start(rig, settings.seconds())) : Optional.empty();
  }

  static PaymentsBench start(Settings settings) throws InterruptedException {
    var rig = Rig.start(settings);
    try {
      return new PaymentsBench(settings, rig);
    } catch (RuntimeException | InterruptedException failure) {
      rig.close();
      throw failure;
    }
  }

  Map<String, String> durability() {
    return rig.durability();
  }

  List<Measured> measured() {
    return List.copyOf(measured);
  }

  void run() throws InterruptedException {
    warmUp();
    peers.ifPresent(Peers::warmUp);
    for (var stage : Stage.values()) {
      if (!settings.stages().contains(stage)) continue;
      if (stage == Stage.BATCH && !rig.takesBatches()) {
        Progress.say("%s: left out, the gateway has no such endpoint", stage.label());
        continue;
      }
      measure(stage);
      peers.ifPresent(they -> beside(they, stage));
    }
  }

  /// What the peer does right after a stage of ours.
  private void beside(Peers they, Stage stage) {
    switch (stage) {
      case SINGLE_16 -> measured.add(they.measure(PeerStorage.MEMORY, 16));
      case SINGLE_64, PAYWALL -> measured.add(they.measure(PeerStorage.MEMORY, 64));
      case SINGLE_256 -> measured.add(they.measure(PeerStorage.FILES, 64));
      case UNPAID -> measured.add(they.measureUnpaid());
      case SINGLE_1, BATCH, HALF -> {}
    }
  }

  private void measure(Stage stage) {
    double rate = stage == Stage.HALF ? half() : 0;
    var order = order(stage, rate, settings.seconds());
    rig.sign(order, rate == 0 ? expected(stage) : rate);
    measured.add(rig.measure(stage.label(), order));
  }

  /// Short turns of everything that will be measured, since the JIT compiles what it sees.
  private void warmUp() {
    double left = settings.warmUpSeconds();
    while (left > 0) {
      for (var turn : turns()) {
        double seconds = Math.min(turn.seconds(), left);
        if (seconds <= 0) return;
        var order = order(turn.stage(), 0, seconds);
        rig.sign(order, expected(turn.stage()));
        rig.run("warm-up " + turn.stage().label(), order);
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
        .filter(turn -> turn.stage() != Stage.BATCH || rig.takesBatches())
        .toList();
  }

  private Order.Run order(Stage stage, double perSecond, double seconds) {
    return new Order.Run(
        Rig.OURS,
        stage.shape(),
        settings.lanes(stage),
        settings.channels(stage),
        settings.lines(stage),
        perSecond,
        false,
        seconds);
  }

  /// Payments a second for which there should be vouchers.
  private double expected(Stage stage) {
    if (stage == Stage.SINGLE_1) return stage.guess();
    return Math.min(
        stage.guess(), ROOM * rig.best(Rig.OURS, stage.shape(), Double.POSITIVE_INFINITY));
  }

  private double half() {
    return bestSingle().map(it -> it.report().perSecond() / 2).orElse(settings.halfRate());
  }

  private Optional<Measured> bestSingle() {
    return measured.stream()
        .filter(it -> Stage.of(it.phase()).filter(Stage::isSingle).isPresent())
        .max(Comparator.comparing(it -> it.report().perSecond()));
  }

  /// What the last line says. A figure that was not measured is left out.
  Map<String, Object> summary() {
    var last = new LinkedHashMap<String, Object>();
    bestSingle().ifPresent(it -> last.put("single_per_s", Math.round(it.report().perSecond())));
    put(last, "batch_per_s", Stage.BATCH);
    put(last, "paywall_per_s", Stage.PAYWALL);
    put(last, "unpaid_402_per_s", Stage.UNPAID);
    of(Stage.HALF).ifPresent(it -> last.put("p99_half_ms", rounded(it.report().p99Millis(), 10)));
    bestSingle()
        .ifPresent(it -> last.put("cpu_ms_per_payment", rounded(it.serverMillisEach(), 1_000)));
    peers.flatMap(Peers::best).ifPresent(it -> compare(last, it.report().perSecond()));
    last.put("fsync", rig.durability().get("fsync"));
    return last;
  }

  private void compare(Map<String, Object> last, double peer) {
    last.put("peer_per_s", Math.round(peer));
    bestSingle()
        .ifPresent(it -> last.put("ratio_api", rounded(it.report().perSecond() / peer, 10)));
    of(Stage.PAYWALL)
        .ifPresent(it -> last.put("ratio_paywall", rounded(it.report().perSecond() / peer, 10)));
  }

  private void put(Map<String, Object> last, String name, Stage stage) {
    of(stage).ifPresent(it -> last.put(name, Math.round(it.report().perSecond())));
  }

  private Optional<Measured> of(Stage stage) {
    return measured.stream().filter(it -> it.phase().equals(stage.label())).findFirst();
  }

  private static double rounded(double value, double steps) {
    return Math.round(value * steps) / steps;
  }

  @Override
  public void close() {
    peers.ifPresent(Peers::close);
    rig.close();
  }
}
