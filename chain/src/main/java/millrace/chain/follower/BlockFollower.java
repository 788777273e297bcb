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
import millrace.protocol.type.Bytes32;
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
  private static final int BATCH = 25;

  private final Rpc rpc;
  private final BlockStore store;
  private final TransactionOperations transactions;
  private final FollowerSettings settings;
  private final BlockListener listener;
  private final InstantSource clock;
  private final Loop loop;
  private volatile FollowerStatus status;
  private volatile Optional<BigInteger> baseFeeWei = Optional.empty();

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
    this.status =
        new FollowerStatus(0, Bytes32.ZERO, 0, 0, Instant.EPOCH, Instant.EPOCH, Optional.empty());
  }

  public void start() {
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

  /// Goes on by at most a few blocks, or back by one reorganisation.
  ///
  /// @return whether there may be more to do at once
  boolean step() {
    if (status.stopped().isPresent()) return false;
    var cursor = store.cursor().or(this::begin);
    if (cursor.isEmpty()) return false;
    var head = rpc.head();
    if (head.number() <= cursor.get().head()) return compare(cursor.get(), head);

    long last = Math.min(head.number(), cursor.get().head() + BATCH);
    var blocks = rpc.blocks(cursor.get().head() + 1, last);
    if (blocks.isEmpty()) return false;
    if (!blocks.getFirst().parent().equals(cursor.get().hash())) {
      return goBack(cursor.get(), blocks.getFirst());
    }
    return goOn(cursor.get(), linked(blocks), head);
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
    if (!head.hash().equals(cursor.hash())) return goBack(cursor, head);
    report(cursor, head, head.timestamp());
    return false;
  }

  private boolean goOn(Cursor cursor, List<BlockHeader> blocks, BlockHeader head) {
    var hashes = blocks.stream().map(BlockHeader::hash).toList();
    var logs = rpc.logs(hashes, settings.contracts());
    for (int i = 0; i < blocks.size(); i++) {
      var block = followed(blocks.get(i));
      var found = logs.get(i);
      var from = cursor;
      var next =
          new Cursor(
              block.number(),
              block.hash(),
              Math.max(from.finalBlock(), block.number() - settings.confirmations() + 1));
      var moved = transactions.execute(_ -> advance(from, next, block, found));
      if (moved == null || !moved) return true; // Another process was first: look again.
      cursor = next;
      report(cursor, head, block.timestamp());
    }
    return cursor.head() < head.number();
  }

  private boolean advance(Cursor from, Cursor to, FollowedBlock block, List<ContractLog> logs) {
    if (!store.move(from, to)) return false;
    store.put(block, logs);
    listener.onHead(block, logs);
    for (long number = from.finalBlock() + 1; number <= to.finalBlock(); number++) {
      var settled = stored(number);
      listener.onFinal(settled, store.logs(settled));
    }
    store.forgetBefore(to.head() - settings.maxReorgDepth());
    return true;
  }

  private FollowedBlock stored(long number) {
    return store
        .block(number)
        .orElseThrow(() -> new IllegalStateException("block " + number + " was forgotten"));
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
    var s = status;
    status =
        new FollowerStatus(
            s.head(),
            s.headHash(),
            s.finalBlock(),
            s.nodeHead(),
            s.headTimestamp(),
            s.verifiedAt(),
            Optional.of(reason));
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
