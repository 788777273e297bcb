package millrace.chain.follower;

import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.chain.Loop;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.rpc.ContractLog;
import millrace.chain.rpc.Rpc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Walks the chain block by block and tells a listener. Each block must name the last one as its
/// parent; where it does not, the walk goes back to the last block that both forks share. What is
/// read of the network is read before the transaction that uses it.
///
/// Several processes on one database may each run one: the cursor moves only from where it was.
public final class BlockFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockFollower.class);

  /// What is read and stored at once while catching up: the bound of the memory it takes.
  static final int BATCH = 100;

  private final Rpc rpc;
  private final BlockStore store;
  private final TransactionOperations transactions;
  private final FollowerSettings settings;
  private final BlockListener listener;
  private final InstantSource clock;
  private final Progress progress;
  private final Loop loop;
  private volatile FollowerStatus status = FollowerStatus.UNKNOWN;
  private volatile Optional<BigInteger> baseFeeWei = Optional.empty();
  private boolean askedForStop;

  public BlockFollower(
      Rpc rpc,
      JdbcClient jdbc,
      TransactionOperations transactions,
      FollowerSettings settings,
      BlockListener listener,
      InstantSource clock) {
    this.rpc = rpc;
    this.store = new BlockStore(jdbc);
    this.transactions = transactions;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.loop = new Loop("block-follower", settings.pollInterval(), this::step);
    this.progress = new Progress(clock);
  }

  /// A stop that lasts is known from the start on, before anybody acts on what was followed, and
  /// until it is ended.
  public void start() {
    store.stopped().ifPresent(reason -> status = status.stopped(reason));
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
  }

  public FollowerStatus status() {
    return status;
  }

  /// What a unit of gas costs at least in the newest block the node told of.
  public Optional<BigInteger> baseFeeWei() {
    return baseFeeWei;
  }

  /// The last block with its confirmations: where good news is to be read.
  public Optional<FollowedBlock> finalBlock() {
    return store.finalBlock();
  }

  /// Goes on by at most [#BATCH] blocks, or back by one reorganisation. Where several nodes are
  /// asked they must agree first, in either direction.
  ///
  /// @return whether there may be more to do at once
  boolean step() {
    if (isStopped()) return false;
    var cursor = store.cursor().or(this::begin);
    if (cursor.isEmpty()) return false;
    var head = rpc.head();
    if (head.number() <= cursor.get().head()) return compare(cursor.get(), head);

    long last = Math.min(head.number(), cursor.get().head() + BATCH);
    var blocks = linked(rpc.blocks(cursor.get().head() + 1, last));
    if (blocks.isEmpty()) return false;
    if (!rpc.agreeOn(blocks.getLast().id())) return dispute();
    if (!blocks.getFirst().parent().equals(cursor.get().hash())) {
      return goBack(cursor.get(), blocks.getFirst());
    }
    return goOn(cursor.get(), blocks, head);
  }

  /// A stop outlives the process. Only an operator who has looked ends it, by telling from where
  /// to go on.
  private boolean isStopped() {
    if (askedForStop) return status.stopped().isPresent();
    var reason = store.stopped();
    if (reason.isPresent()) {
      boolean resumed = resume();
      status = resumed ? FollowerStatus.UNKNOWN : status.stopped(reason.get());
      if (!resumed) LOG.error("the chain is not followed: {}", reason.get());
    }
    askedForStop = true;
    return status.stopped().isPresent();
  }

  /// That block counts as final: all later ones are told of again, in the chain there is now.
  private boolean resume() {
    var cursor = store.cursor();
    var block = settings.resumeFrom().flatMap(rpc::block).map(BlockFollower::followed);
    if (cursor.isEmpty() || block.isEmpty()) return false;
    long number = block.get().number();
    if (number > cursor.get().finalBlock()) {
      LOG.error("it cannot go on from block {}, which was not final", number);
      return false;
    }
    LOG.warn("goes on from block {}, as told; it was at {}", number, cursor.get().head());
    transactions.executeWithoutResult(
        _ -> {
          store.move(cursor.get(), new Cursor(number, block.get().hash(), number));
          store.removeFrom(number);
          store.put(List.of(block.get()), List.of());
          store.resume();
          listener.onReorg(number + 1);
        });
    return true;
  }

  private boolean dispute() {
    status = status.inDispute();
    return false;
  }

  private Optional<Cursor> begin() {
    long before = Math.max(settings.startBlock(), 1) - 1;
    var block = rpc.block(before).map(BlockFollower::followed);
    block.ifPresent(b -> transactions.executeWithoutResult(_ -> store.begin(b)));
    return block.flatMap(_ -> store.cursor());
  }

  /// The node has nothing newer, but perhaps something else. One that has less lags behind; what
  /// it says about the past can wait until it has caught up.
  private boolean compare(Cursor cursor, BlockHeader head) {
    if (head.number() < cursor.head()) return false;
    if (!head.hash().equals(cursor.hash())) {
      return rpc.agreeOn(head.id()) ? goBack(cursor, head) : dispute();
    }
    report(cursor, head, head.timestamp());
    return false;
  }

  private boolean goOn(Cursor cursor, List<BlockHeader> blocks, BlockHeader head) {
    var logs = rpc.logs(blocks, settings.contracts());
    var last = blocks.getLast();
    var to =
        new Cursor(
            last.number(),
            last.hash(),
            Math.max(cursor.finalBlock(), last.number() - settings.confirmations() + 1));
    var followed = blocks.stream().map(BlockFollower::followed).toList();
    var moved = transactions.execute(_ -> advance(cursor, to, followed, logs));
    if (moved == null || !moved) return true; // Another process was first: look again.
    report(to, head, last.timestamp());
    return to.head() < head.number();
  }

  private boolean advance(
      Cursor from, Cursor to, List<FollowedBlock> blocks, List<List<ContractLog>> logs) {
    if (!store.move(from, to)) return false;
    store.put(blocks, logs);
    var settled = store.range(from.finalBlock() + 1, to.finalBlock());
    if (settled.size() != to.finalBlock() - from.finalBlock()) {
      throw new IllegalStateException("a block after " + from.finalBlock() + " was forgotten");
    }
    int told = 0;
    for (int i = 0; i < blocks.size(); i++) {
      listener.onHead(blocks.get(i), logs.get(i));
      long confirmed = blocks.get(i).number() - settings.confirmations() + 1;
      for (; told < settled.size() && settled.get(told).block().number() <= confirmed; told++) {
        listener.onFinal(settled.get(told).block(), settled.get(told).logs());
      }
    }
    store.forgetBefore(to.head() - settings.maxReorgDepth());
    return true;
  }

  /// Looks for the last block that the chain we followed shares with the chain there is now.
  private boolean goBack(Cursor cursor, BlockHeader tip) {
    var candidate = tip;
    while (true) {
      long number = candidate.number();
      if (number < cursor.head() - settings.maxReorgDepth()) {
        return stop(
            "the chain was reorganised deeper than %d blocks below block %d"
                .formatted(settings.maxReorgDepth(), cursor.head()));
      }
      var known = store.block(number);
      if (known.isPresent() && known.get().hash().equals(candidate.hash())) break;
      if (known.isEmpty() && number <= cursor.head()) {
        return stop("the chain does not contain the blocks it was followed from");
      }
      var parent = rpc.block(candidate.parent());
      if (parent.isEmpty()) return false; // The node changed its mind once more.
      candidate = parent.get();
    }
    return rewind(cursor, candidate);
  }

  private boolean rewind(Cursor cursor, BlockHeader fork) {
    var to = new Cursor(fork.number(), fork.hash(), Math.min(cursor.finalBlock(), fork.number()));
    if (to.finalBlock() < cursor.finalBlock()) {
      LOG.error(
          "a reorganisation removed blocks {} to {}, which counted as final",
          to.finalBlock() + 1,
          cursor.finalBlock());
    } else {
      LOG.info("reorganisation after block {}, {} removed", to.head(), cursor.head() - to.head());
    }
    transactions.executeWithoutResult(
        _ -> {
          if (!store.move(cursor, to)) return;
          listener.onReorg(fork.number() + 1);
          store.removeFrom(fork.number() + 1);
        });
    return true;
  }

  /// Nothing on chain can be trusted until a person has looked; going on could confirm deposits
  /// that never happened.
  private boolean stop(String reason) {
    LOG.error("the follower stops: {}", reason);
    transactions.executeWithoutResult(_ -> store.stop(reason));
    status = status.stopped(reason);
    return false;
  }

  private void report(Cursor cursor, BlockHeader head, Instant timestamp) {
    baseFeeWei = Optional.of(head.baseFeeWei());
    var verified = cursor.hash().equals(head.hash()) ? clock.instant() : status.verifiedAt();
    status =
        new FollowerStatus(
            cursor.head(),
            cursor.hash(),
            cursor.finalBlock(),
            head.number(),
            timestamp,
            verified,
            false,
            progress.at(cursor.head(), head.number()),
            Optional.empty());
  }

  /// As far as each block names the one before it; the rest belongs to another fork.
  private static List<BlockHeader> linked(List<BlockHeader> blocks) {
    var chain = new ArrayList<BlockHeader>();
    for (var block : blocks) {
      if (!chain.isEmpty() && !block.parent().equals(chain.getLast().hash())) break;
      chain.add(block);
    }
    return chain;
  }

  private static FollowedBlock followed(BlockHeader header) {
    return new FollowedBlock(header.number(), header.hash(), header.parent(), header.timestamp());
  }
}
