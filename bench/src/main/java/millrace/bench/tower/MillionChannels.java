package millrace.bench.tower;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import millrace.bench.Progress;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevChain;
import millrace.embedded.LocalPostgres;
import millrace.protocol.type.ChannelId;

/// A tower with a great many channels that was away while the chain went on and some payers left:
/// some just after it went, whose time runs out first, and some just before it comes back.
final class MillionChannels {
  private static final String DATABASE = "million";
  private static final int EACH_TIME = 50;
  private static final int MINED_AT_ONCE = 500;
  private static final int CONFIRMED = 5;
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration WATCHED = Duration.ofSeconds(10);

  private final int channels;
  private final int blocks;
  private final int played;
  private final Path folder;
  private long mostHeap;

  MillionChannels(int channels, int blocks, int played, Path folder) {
    this.channels = channels;
    this.blocks = blocks;
    this.played = played;
    this.folder = folder.resolve(DATABASE);
  }

  /// Seconds from the start of the process.
  ///
  /// @param first until any claim is in a block
  /// @param urgent until all are claimed who left first
  /// @param all until all are claimed who left
  /// @param caughtUp until the newest block was followed
  record Restart(long blocks, double first, double urgent, double all, double caughtUp) {}

  /// @param heapMebibytes the most that was used at any look, rubbish included
  record Outcome(Restart mined, Restart replayed, long heapMebibytes, long diskMebibytes) {}

  Outcome run(LocalPostgres postgres) throws InterruptedException {
    postgres.createDatabaseIfMissing(DATABASE);
    try (var chain = DevChain.in(folder).saveEvery(Duration.ZERO).start();
        var rpc = MassExit.rpc(chain)) {
      var leavers = new Leavers(chain, 4 * EACH_TIME);
      try (var _ = tower(chain, postgres, chain.rpcUrl()).awaitReady();
          var books = new TowerBooks(postgres, DATABASE)) {
        books.holdStrangers(channels);
        books.hold(leavers.configs(), leavers.vouchers());
        Progress.say("%,d vouchers are with the tower, %,d MiB", channels, books.diskMebibytes());
        var head = rpc.head().number();
        while (books.followed() < head) Thread.sleep(LOOK);
      }
      var mined = afterMined(chain, postgres, rpc, leavers);
      var replayed = afterPlayed(chain, postgres, rpc, leavers);
      try (var books = new TowerBooks(postgres, DATABASE)) {
        return new Outcome(mined, replayed, mostHeap, books.diskMebibytes());
      }
    }
  }

  private Restart afterMined(DevChain chain, LocalPostgres postgres, Rpc rpc, Leavers leavers)
      throws InterruptedException {
    long before = rpc.head().number();
    leave(chain, leavers, rpc);
    for (int left = blocks; left > 0; left -= MINED_AT_ONCE) {
      chain.mine(Math.min(left, MINED_AT_ONCE));
    }
    leave(chain, leavers, rpc);
    chain.mine(CONFIRMED);
    long missed = rpc.head().number() - before;
    Progress.say("the tower was away for %,d mined blocks", missed);
    return restart(chain, postgres, rpc, leavers, chain.rpcUrl(), missed);
  }

  private Restart afterPlayed(DevChain chain, LocalPostgres postgres, Rpc rpc, Leavers leavers)
      throws InterruptedException {
    long before = rpc.head().number();
    leave(chain, leavers, rpc);
    try (var node = new PlayedBlocks(URI.create(chain.rpcUrl()), rpc.head().number(), played)) {
      leave(chain, leavers, rpc);
      chain.mine(CONFIRMED);
      long missed = rpc.head().number() - before + played;
      Progress.say("the tower was away for %,d played blocks", missed);
      return restart(chain, postgres, rpc, leavers, node.url(), missed);
    }
  }

  /// When it returns, all of them are in blocks.
  private static void leave(DevChain chain, Leavers leavers, Rpc rpc) {
    leavers.leave(EACH_TIME, leavers.gas(), rpc.head().baseFeeWei().shiftLeft(10));
    chain.mine(1);
  }

  private Restart restart(
      DevChain chain, LocalPostgres postgres, Rpc rpc, Leavers leavers, String node, long missed)
      throws InterruptedException {
    long start = System.nanoTime();
    int gone = leavers.gone();
    try (var tower = tower(chain, postgres, node);
        var books = new TowerBooks(postgres, DATABASE)) {
      long end = chain.blockNumber() + (node.equals(chain.rpcUrl()) ? 0 : played);
      double first = 0;
      double urgent = 0;
      double all = 0;
      double caughtUp = 0;
      for (int look = 0; all == 0 || caughtUp == 0; look++) {
        double seconds = (System.nanoTime() - start) / 1e9;
        if (seconds > PATIENCE.toSeconds()) break;
        var last = leavers.channels().subList(gone - 2 * EACH_TIME, gone);
        if (first == 0 && claimed(rpc, leavers, last) > 0) first = seconds;
        boolean isUrgent = claimed(rpc, leavers, last.subList(0, EACH_TIME)) == EACH_TIME;
        if (urgent == 0 && isUrgent) urgent = seconds;
        if (urgent > 0 && all == 0 && claimed(rpc, leavers, last) == last.size()) all = seconds;
        long followed = books.followed();
        if (caughtUp == 0 && followed >= end) caughtUp = seconds;
        if (look % 20 == 0) mostHeap = Math.max(mostHeap, tower.heapMebibytes());
        if (look % 200 == 199) Progress.say("followed to block %,d of %,d", followed, end);
        Thread.sleep(LOOK);
      }
      Progress.say("first claim after %.1f s, caught up after %.1f s", first, caughtUp);
      watchHeap(tower.awaitReady());
      return new Restart(missed, first, urgent, all, caughtUp);
    }
  }

  private static long claimed(Rpc rpc, Leavers leavers, List<ChannelId> some) {
    return MassExit.claimed(leavers, some, rpc, rpc.head());
  }

  /// While it goes through all of its channels.
  private void watchHeap(TowerProcess tower) throws InterruptedException {
    for (long i = 0; i < WATCHED.toSeconds(); i++) {
      mostHeap = Math.max(mostHeap, tower.heapMebibytes());
      Thread.sleep(Duration.ofSeconds(1));
    }
  }

  private TowerProcess tower(DevChain chain, LocalPostgres postgres, String node) {
    var changes = Map.of("millrace.chain.rpc-urls", node);
    return TowerProcess.start(folder, chain.deployment(), postgres, DATABASE, changes);
  }
}
