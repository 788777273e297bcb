package millrace.bench.claims;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import millrace.bench.Progress;
import millrace.bench.hub.BenchHub;
import millrace.bench.hub.Seed;
import millrace.bench.hub.Seller;
import millrace.bench.load.Keyring;
import millrace.bench.load.LoadProcess;
import millrace.bench.load.Order;
import millrace.bench.load.Prices;
import millrace.bench.load.Shape;
import millrace.protocol.x402.Deployment;

/// A whole hub whose settlement waits until everybody has paid, and then claims.
final class ClaimsBench implements AutoCloseable {
  private static final Path FOLDER = Path.of("bench", "target", "claims").toAbsolutePath();
  private static final String PAYERS = "claims";
  private static final int LINES = 100;
  private static final int PAYING_SECONDS = 120;
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration TELL = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final int channels;
  private final BenchHub hub;
  private final LoadProcess load;
  private final Claimed claimed;

  private ClaimsBench(int channels, BenchHub hub) {
    this.channels = channels;
    this.hub = hub;
    claimed = new Claimed(hub.databaseUrl("settlement"));
    load = LoadProcess.start(FOLDER.resolve("load.log"), text -> Progress.say("%s", text));
  }

  /// @param wait how long a charge stays unclaimed, counted from its payment
  /// @param rows in one transaction
  static ClaimsBench start(int channels, Duration wait, int rows) {
    var claim = "-Dmillrace.settlement.claim.";
    var options =
        List.of(
            claim + "threshold=" + "9".repeat(30),
            claim + "max-backlog=" + Integer.MAX_VALUE,
            claim + "max-age=" + wait.toSeconds() + "s",
            claim + "max-rows=" + rows);
    var hub = BenchHub.start(FOLDER.resolve("hub"), options);
    try {
      Progress.say("the hub is up at %s, process %d", hub.access().gateway(), hub.pid());
      return new ClaimsBench(channels, hub);
    } catch (RuntimeException failure) {
      hub.close();
      throw failure;
    }
  }

  /// Opens the channels and has every payer pay: all once, the first few a second time.
  void pay() throws InterruptedException {
    var access = hub.access();
    var chain = URI.create(access.chain().rpcUrl());
    var seller = Seller.at(access.gateway(), access.operatorKey(), chain, load.upstream());
    var offer = Prices.of(seller.route()).terms();
    var ours = Keyring.channels(offer, PAYERS, channels);
    var domain = Deployment.CANONICAL.domain(offer.network());
    new Escrow(access.chain()).fill(ours.stream().map(domain::channelId).toList(), Seller.DEPOSIT);
    new Seed(hub.databaseUrl("channel"), offer.network(), Seller.DEPOSIT, FOLDER.resolve("hub"))
        .add(channels, ours);
    Progress.say("%,d channels are on the chain and in the books", channels);

    load.adopt(
        new Order.Adopt(PAYERS, seller.route(), seller.gateway(), seller.apiKey(), channels));
    // One request at a time goes through the payers in turn, and ends when the first of them has
    // used both of its vouchers: everybody has paid by then.
    load.sign(new Order.Sign(PAYERS, channels, 2));
    var run =
        new Order.Run(
            PAYERS, Shape.BATCH, 1, channels, Math.min(LINES, channels), 0, false, PAYING_SECONDS);
    var report = load.run(run);
    if (report.errors() > 0) {
      throw new IllegalStateException("payments failed: " + report.surprises());
    }
    if (report.accepted() < channels) {
      throw new IllegalStateException(
          "only %,d payments in %d s; ask for fewer channels"
              .formatted(report.accepted(), PAYING_SECONDS));
    }
    Progress.say("%,d payments in %.1f s", report.accepted(), report.seconds());
  }

  /// Looks on until every channel's charge is claimed, by final blocks.
  Claimed.Reading claim() throws InterruptedException {
    long start = System.nanoTime();
    long told = start;
    while (true) {
      var now = claimed.now();
      long nanos = System.nanoTime();
      if (now.claimed() >= channels) return now;
      if (nanos - told > TELL.toNanos()) {
        Progress.say("%,d of %,d channels owe, %,d claimed", now.owing(), channels, now.claimed());
        told = nanos;
      }
      if (nanos - start > PATIENCE.toNanos()) {
        Progress.say("not all are claimed after %d minutes", PATIENCE.toMinutes());
        return now;
      }
      Thread.sleep(LOOK);
    }
  }

  @Override
  public void close() {
    claimed.close();
    load.close();
    hub.close();
  }
}
