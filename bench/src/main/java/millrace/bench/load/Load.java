package millrace.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;

/// Full load from a thread of this JVM, for who wants to know what was acknowledged and not what
/// it costs. Payments are handed in singly, and sent again until they are acknowledged.
public final class Load implements AutoCloseable {
  private static final Duration FOR_EVER = Duration.ofHours(1);
  private static final long PATIENCE_SECONDS = 60;

  private final Generator.Seller seller;
  private final List<Purse> purses;
  private @Nullable Driver driver;
  private @Nullable CompletableFuture<PhaseReport> report;

  private Load(Generator.Seller seller, int channels) {
    this.seller = seller;
    this.purses = seller.wallet().first(channels);
  }

  public static Load open(Order.Open order, Consumer<String> progress) throws InterruptedException {
    var wallet = Wallet.open(order, progress);
    return new Load(Generator.Seller.of(order, wallet), order.channels());
  }

  /// @return how many signatures were missing
  public int sign(int each) throws InterruptedException {
    return seller.wallet().sign(purses.size(), each);
  }

  public void start() {
    var run = new Order.Run(seller.name(), Shape.API, purses.size(), purses.size(), 1, 0, false, 0);
    var target = Generator.target(Shape.API, seller);
    try {
      var started =
          new Driver(
              target.address(), Generator.errands(run, seller, target), Pace.CLOSED, _ -> {});
      driver = started;
      report = CompletableFuture.supplyAsync(() -> drive(started), Load::thread);
    } catch (IOException e) {
      throw new UncheckedIOException("the load cannot start", e);
    }
  }

  /// Returns when nothing is under way any more.
  public PhaseReport stop() {
    if (driver == null || report == null) throw new IllegalStateException("it does not run");
    driver.stop();
    var ended = report.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    driver = null;
    report = null;
    return ended;
  }

  /// The client's journal: what each channel was told that it has paid, in base units.
  public Map<ChannelId, Long> acknowledged() {
    var owed = new LinkedHashMap<ChannelId, Long>();
    for (var purse : purses) owed.put(purse.id(), purse.owed());
    return owed;
  }

  /// How many payments of each channel were acknowledged.
  public List<Integer> payments() {
    var payments = new ArrayList<Integer>(purses.size());
    for (var purse : purses) payments.add(purse.paid());
    return payments;
  }

  public long price() {
    return seller.wallet().price();
  }

  private static PhaseReport drive(Driver driver) {
    try (driver) {
      return driver.run(FOR_EVER);
    } catch (IOException e) {
      throw new UncheckedIOException("the load broke", e);
    }
  }

  private static void thread(Runnable work) {
    Thread.ofPlatform().name("load").daemon().start(work);
  }

  @Override
  public void close() {
    if (driver != null) driver.stop();
  }
}
