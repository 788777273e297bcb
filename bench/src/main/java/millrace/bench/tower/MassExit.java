package millrace.bench.tower;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import millrace.bench.Progress;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcSettings;
import millrace.embedded.DevChain;
import millrace.embedded.LocalPostgres;
import millrace.protocol.type.ChannelId;

/// A few payers leave one after the other, then thousands in consecutive full blocks, and one tower
/// with one form of claim answers them.
final class MassExit {
  private static final int BLOCK_GAS = 30_000_000;
  private static final int ALONE = 3;
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private final String form;
  private final int withdrawals;
  private final int blockSeconds;
  private final Path folder;

  MassExit(String form, int withdrawals, int blockSeconds, Path folder) {
    this.form = form;
    this.withdrawals = withdrawals;
    this.blockSeconds = blockSeconds;
    this.folder = folder.resolve("exit-" + form);
  }

  /// @param claimed channels whose whole debt stands claimed
  /// @param exitBlocks that had withdrawals in them
  /// @param windowShare the largest part of its window that any withdrawal waited for its claim
  /// @param answerMillis from the withdrawal seen to the claim sent, 99 of 100
  /// @param aloneMillis the same for payers who leave one after the other, the longest
  record Outcome(
      String form,
      int withdrawals,
      long claimed,
      long claims,
      long exitBlocks,
      double windowShare,
      double answerMillis,
      double aloneMillis) {}

  Outcome run(LocalPostgres postgres) throws InterruptedException {
    var database = "exit_" + form;
    postgres.createDatabaseIfMissing(database);
    try (var chain = DevChain.in(folder).saveEvery(Duration.ZERO).start()) {
      chain.rpc("evm_setBlockGasLimit", "0x" + Integer.toHexString(BLOCK_GAS));
      var leavers = new Leavers(chain, ALONE + withdrawals);
      var changes = Map.of("millrace.chain.claims.form", form);
      try (var _ =
              TowerProcess.start(folder, chain.deployment(), postgres, database, changes)
                  .awaitReady();
          var books = new TowerBooks(postgres, database);
          var rpc = rpc(chain)) {
        books.hold(leavers.configs(), leavers.vouchers());
        Progress.say("%s: %,d channels are on the chain and with the tower", form, withdrawals);
        chain.setIntervalMining(Duration.ofSeconds(blockSeconds));
        double alone = leaveAlone(leavers, rpc, books);
        var seen = new ExitBlocks(rpc, chain.deployment(), chain.blockNumber() + 1);
        leave(leavers, rpc);
        awaitClaims(rpc, seen, books);
        return outcome(rpc, seen, books, leavers, alone);
      }
    }
  }

  /// Each when the one before is answered.
  ///
  /// @return the longest time that one of them took to be answered
  private double leaveAlone(Leavers leavers, Rpc rpc, TowerBooks books)
      throws InterruptedException {
    while (leavers.gone() < ALONE) {
      leavers.leave(1, leavers.gas(), rpc.head().baseFeeWei());
      while (books.answerMillis(0).size() < leavers.gone()) Thread.sleep(LOOK);
    }
    var gone = leavers.channels().subList(0, ALONE);
    var head = rpc.head();
    while (claimed(leavers, gone, rpc, head) < ALONE) head = next(rpc, head);
    double longest = books.answerMillis(0).getLast();
    Progress.say("%s: who left alone was answered within %,.0f ms", form, longest);
    return longest;
  }

  /// Before each block as many as fill it wait for it.
  private void leave(Leavers leavers, Rpc rpc) throws InterruptedException {
    long gas = leavers.gas();
    int each = (int) (BLOCK_GAS / gas) + 1;
    var seen = rpc.head();
    while (leavers.waiting() > 0) {
      leavers.leave(each, gas, seen.baseFeeWei());
      Progress.say("%s: block %d, %,d have yet to leave", form, seen.number(), leavers.waiting());
      seen = next(rpc, seen);
    }
  }

  private static BlockHeader next(Rpc rpc, BlockHeader after) throws InterruptedException {
    var head = rpc.head();
    while (head.number() == after.number()) {
      Thread.sleep(LOOK);
      head = rpc.head();
    }
    return head;
  }

  /// What is claimed is told by logs: to read the state of thousands of channels in every block
  /// would keep the node from its work.
  private void awaitClaims(Rpc rpc, ExitBlocks seen, TowerBooks books) throws InterruptedException {
    long start = System.nanoTime();
    var head = rpc.head();
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      seen.readTo(head.number());
      Progress.say(
          "%s: block %d, %,d withdrawals seen, %,d claimed in %d transactions",
          form, head.number(), books.seen() - ALONE, seen.claimed(), books.claims() - ALONE);
      if (seen.claimed() == withdrawals) return;
      head = next(rpc, head);
    }
  }

  /// How many of them have all claimed that they owe.
  static long claimed(Leavers leavers, List<ChannelId> some, Rpc rpc, BlockHeader head) {
    var keys = some.stream().map(id -> new ChannelKey(id, Leavers.DELAY_SECONDS)).toList();
    return new ChannelReader(rpc, leavers.contract())
        .states(keys, head.id()).values().stream()
            .filter(state -> !Leavers.owed().exceeds(state.claimed()))
            .count();
  }

  private Outcome outcome(
      Rpc rpc, ExitBlocks seen, TowerBooks books, Leavers leavers, double alone) {
    var answers = books.answerMillis(ALONE);
    double p99 = answers.isEmpty() ? 0 : answers.get((int) (answers.size() * 0.99));
    double share = (double) seen.longestSeconds() / Leavers.DELAY_SECONDS;
    var all = leavers.channels();
    long claimed = claimed(leavers, all.subList(ALONE, all.size()), rpc, rpc.head());
    long claims = books.claims() - ALONE;
    return new Outcome(form, withdrawals, claimed, claims, seen.exits(), share, p99, alone);
  }

  static Rpc rpc(DevChain chain) {
    return new Rpc(
        new RpcSettings(
            List.of(URI.create(chain.rpcUrl())),
            BigInteger.valueOf(chain.deployment().chainId()),
            Duration.ofSeconds(60),
            3));
  }
}
