package millrace.chain.follower;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import millrace.chain.ChainMetrics;
import millrace.chain.Hub;
import millrace.chain.TestStore;
import millrace.chain.rpc.ContractLog;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcSettings;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// A follower that was away for long.
class CatchUpIT {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(CatchUpIT.class);
  private static final int MAX_DEPTH = 64;
  private static final int CONFIRMATIONS = 12;
  private static final long MEBI = 1L << 20;
  private static final long MOST_GROWTH = 4 * MEBI;
  private static final Address CONTRACT = Address.of("0x%040x".formatted(77));

  private final TestStore store = TestStore.fresh();
  private final ListAppender<ILoggingEvent> progress = new ListAppender<>();

  @BeforeEach
  void listen() {
    progress.start();
    ((Logger) LoggerFactory.getLogger(Progress.class)).addAppender(progress);
  }

  @AfterEach
  void stopListening() {
    ((Logger) LoggerFactory.getLogger(Progress.class)).detachAppender(progress);
  }

  /// Five thousand blocks in the long version: to mine them takes longer than to follow them.
  @Test
  void catchesUpWithThousandsOfBlocksOfARealChain() {
    int length = Boolean.getBoolean("millrace.long") ? 5_000 : 1_000;
    try (var chain = TestChain.start();
        var rpc = new Hub(chain).rpc()) {
      long start = chain.blockNumber() + 1;
      for (int i = 1; i < length / 100; i++) chain.mine(100);
      chain.mint(Persona.ALICE.address(), Amount.of(5));
      chain.mine(99);
      var count = new Counting();
      var follower = follower(rpc, chain.deployment().token(), start, count);
      long most = followAll(follower);
      assertThat(count.heads).isEqualTo(length);
      assertThat(count.finals).isEqualTo(length - CONFIRMATIONS + 1);
      assertThat(count.logs).isEqualTo(1);
      assertThat(follower.status().lag()).isZero();
      assertThat(most).isLessThanOrEqualTo(MAX_DEPTH + 1);
    }
  }

  /// A hundred thousand blocks in the long version. What a tenth of them took, all may take.
  @Test
  void catchesUpWithALongRecordingInBoundedMemoryAndShowsHowFarItIs() throws IOException {
    long length = Boolean.getBoolean("millrace.long") ? 100_000 : 10_000;
    try (var node = new ReplayNode(length, CONTRACT);
        var rpc = new Rpc(settings(node))) {
      var count = new Counting();
      var follower = follower(rpc, CONTRACT, 1, count);
      var meters = new SimpleMeterRegistry();
      new ChainMetrics(meters, InstantSource.system()).observe(follower);
      follower.step();
      assertThat(meters.get("millrace.chain.lag.blocks").gauge().value())
          .isEqualTo((double) (length - BlockFollower.BATCH));
      assertThat(node.asked()).isEqualTo(BlockFollower.BATCH);
      while (count.heads < length / 10) follower.step();
      long early = usedMemory();
      long most = followAll(follower);
      long late = usedMemory();
      LOG.info("heap of {} MiB after a tenth, {} MiB at the end", early / MEBI, late / MEBI);
      assertThat(late).isLessThan(early + MOST_GROWTH);
      assertThat(count.heads).isEqualTo(length);
      assertThat(count.finals).isEqualTo(length - CONFIRMATIONS + 1);
      assertThat(count.logs).isEqualTo(length / ReplayNode.LOG_EVERY);
      assertThat(count.last).isEqualTo(length);
      assertThat(most).isLessThanOrEqualTo(MAX_DEPTH + 1);
      assertThat(progress.list).isNotEmpty();
      assertThat(progress.list.getLast().getFormattedMessage())
          .startsWith("followed to block %d of %d, ".formatted(length, length));
    }
  }

  /// Of the heap, after everything unused was cleared away.
  private static long usedMemory() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static RpcSettings settings(ReplayNode node) {
    return new RpcSettings(
        List.of(node.address()), BigInteger.valueOf(5), Duration.ofSeconds(60), 1);
  }

  private BlockFollower follower(Rpc rpc, Address contract, long start, BlockListener listener) {
    var settings =
        new FollowerSettings(
            List.of(contract),
            CONFIRMATIONS,
            MAX_DEPTH,
            start,
            Optional.empty(),
            Duration.ofMillis(50));
    return new BlockFollower(
        rpc, store.jdbc(), store.transactions(), settings, listener, InstantSource.system());
  }

  /// @return the most blocks it remembered at any time
  private long followAll(BlockFollower follower) {
    long most = 0;
    while (follower.step()) {
      most =
          Math.max(
              most,
              store.jdbc().sql("SELECT count(*) FROM chain_block").query(Long.class).single());
    }
    return most;
  }

  /// Remembers nothing but numbers, and that they come one after the other.
  private static final class Counting implements BlockListener {
    long heads;
    long finals;
    long logs;
    long last;

    @Override
    public void onHead(FollowedBlock block, List<ContractLog> found) {
      if (last != 0) assertThat(block.number()).isEqualTo(last + 1);
      last = block.number();
      heads++;
      logs += found.size();
    }

    @Override
    public void onReorg(long firstRemovedBlock) {
      throw new IllegalStateException("nothing was reorganised");
    }

    @Override
    public void onFinal(FollowedBlock block, List<ContractLog> found) {
      finals++;
    }
  }
}
