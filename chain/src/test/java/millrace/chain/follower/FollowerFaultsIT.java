package millrace.chain.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import millrace.chain.ChainHealth;
import millrace.chain.Hub;
import millrace.chain.TestStore;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcFault;
import millrace.chain.rpc.RpcSettings;
import millrace.embedded.DevChain;
import millrace.protocol.type.Amount;
import millrace.testkit.FaultyNode;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// What nodes and reorganisations can do to a follower.
class FollowerFaultsIT {
  private static final String FORGED = "0x" + "ab".repeat(32);

  private final TestStore store = TestStore.fresh();
  private final Journal journal = new Journal();
  private final DevChain chain = TestChain.start();
  private final FaultyNode node = new FaultyNode(chain.rpcUrl());
  private final List<Rpc> opened = new ArrayList<>();
  private final long start = chain.blockNumber() + 1;

  @AfterEach
  void end() {
    opened.forEach(Rpc::close);
    node.close();
    chain.close();
  }

  /// The rest of the world sees the same as if the removed blocks had never been.
  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void afterAReorganisationTheDatabaseIsThatOfAFollowerThatNeverSawIt(int depth) {
    var follower = follower(store, journal, 6, Optional.empty(), chainUrl());
    chain.mine(2);
    for (int i = 0; i < 6; i++) chain.mint(Persona.ALICE.address(), Amount.of(1 + i));
    followAll(follower);
    chain.reorg(depth);
    chain.mint(Persona.ALICE.address(), Amount.of(100));
    followAll(follower);
    var other = TestStore.fresh();
    var fresh = new Journal();
    followAll(follower(other, fresh, 6, Optional.empty(), chainUrl()));
    assertThat(contents(store)).isEqualTo(contents(other));
    assertThat(journal.finals).isEqualTo(fresh.finals);
    assertThat(journal.finalLogs).isEqualTo(fresh.finalLogs);
  }

  @Test
  void doesNotPassABlockItsNodesDisagreeAbout() {
    var follower = follower(store, journal, 1, Optional.empty(), chainUrl(), node.address());
    chain.mine(1);
    followAll(follower);
    node.lie("eth_getBlockByNumber", block -> ((ObjectNode) block).put("hash", FORGED));
    chain.mine(1);
    followAll(follower);
    assertThat(follower.status().disputed()).isTrue();
    assertThat(journal.heads).containsExactly(start);
    node.heal();
    followAll(follower);
    assertThat(follower.status().disputed()).isFalse();
    assertThat(journal.heads).containsExactly(start, start + 1);
  }

  @Test
  void oneOfTwoNodesCannotMakeItGoBack() {
    var follower = follower(store, journal, 1, Optional.empty(), node.address(), chainUrl());
    chain.mine(3);
    followAll(follower);
    node.lie("eth_getBlockByNumber", block -> ((ObjectNode) block).put("hash", FORGED));
    followAll(follower);
    assertThat(journal.reorgs).isEmpty();
    assertThat(follower.status().stopped()).isEmpty();
  }

  @Test
  void aSingleNodeThatForgesAHashIsNotFollowedThere() {
    var follower = follower(store, journal, 1, Optional.empty(), node.address());
    chain.mine(1);
    followAll(follower);
    chain.mine(1);
    node.lie("eth_getBlockByNumber", block -> ((ObjectNode) block).put("hash", FORGED));
    assertThatThrownBy(follower::step).isInstanceOf(RpcFault.class);
    assertThat(journal.heads).containsExactly(start);
    node.heal();
    followAll(follower);
    assertThat(journal.heads).containsExactly(start, start + 1);
    assertThat(journal.reorgs).isEmpty();
  }

  @Test
  void doesNotPassABlockWithoutTheLogsItsReceiptsTellOf() {
    node.lie("eth_getLogs", _ -> FaultyNode.emptyList());
    chain.mint(Persona.ALICE.address(), Amount.of(5));
    followAll(follower(store, journal, 1, Optional.empty(), node.address()));
    assertThat(journal.finalLogs).hasSize(1);
  }

  @Test
  void aNodeThatLagsTakesNothingBack() {
    var follower = follower(store, journal, 1, Optional.empty(), node.address());
    chain.mine(4);
    followAll(follower);
    var verifiedAt = follower.status().verifiedAt();
    node.freezeAt(start + 1);
    followAll(follower);
    assertThat(journal.reorgs).isEmpty();
    assertThat(follower.status().head()).isEqualTo(start + 3);
    assertThat(follower.status().verifiedAt()).isEqualTo(verifiedAt);
  }

  @Test
  void aStopAtADeepReorganisationOutlivesTheProcess() {
    freeze();
    chain.mine(200);
    var next = follower(store, journal, 2, Optional.empty(), chainUrl());
    followAll(next);
    assertThat(next.status().stopped()).isPresent();
    assertThat(journal.heads).isEmpty();
    assertThat(journal.reorgs).isEmpty();
  }

  @Test
  void afterAStopItGoesOnFromTheBlockTheOperatorNames() {
    freeze();
    var resumed = follower(store, journal, 2, Optional.of(start + 1), chainUrl());
    followAll(resumed);
    assertThat(resumed.status().stopped()).isEmpty();
    assertThat(journal.reorgs).containsExactly(start + 2);
    assertThat(journal.heads).startsWith(start + 2).endsWith(chain.blockNumber());
    assertThat(journal.finals).startsWith(start + 2).endsWith(chain.blockNumber() - 1);
    journal.clear();
    chain.mine(1);
    followAll(follower(store, journal, 2, Optional.of(start + 1), chainUrl()));
    assertThat(journal.heads).containsExactly(chain.blockNumber());
  }

  @Test
  void anOperatorCannotLetItGoOnFromWhereItWasNotFinalYet() {
    freeze();
    var resumed = follower(store, journal, 2, Optional.of(start + 9), chainUrl());
    followAll(resumed);
    assertThat(resumed.status().stopped()).isPresent();
  }

  /// Workers ask for the status from the start on.
  @Test
  void itCountsAsStoppedUntilItGoesOnAndNotOnlyOnceItHasLooked() {
    freeze();
    node.stall();
    var resumed = follower(store, journal, 2, Optional.of(start + 1), node.address());
    resumed.start();
    assertThat(resumed.status().stopped()).isPresent();
    node.heal();
    await("it goes on", () -> resumed.status().stopped().isEmpty());
    await("it has caught up", () -> resumed.status().head() == chain.blockNumber());
    resumed.close();
  }

  @Test
  void healthIsUpOnlyWhileTheNewestBlockIsSeenAndNothingStopped() {
    var follower = follower(store, journal, 2, Optional.empty(), chainUrl());
    var rpc = rpc(chainUrl());
    var late = new ChainHealth(rpc, follower, List.of(), () -> Instant.now().plusSeconds(61));
    var health = new ChainHealth(rpc, follower, List.of(), () -> Instant.now().minusSeconds(600));
    assertThat(health.report().up()).isFalse();
    chain.mine(10);
    followAll(follower);
    assertThat(health.report().up()).isTrue();
    assertThat(health.report().details()).containsEntry("head", start + 9);
    assertThat(late.report().up()).isFalse();
    chain.reorg(8);
    followAll(follower);
    assertThat(health.report().up()).isFalse();
    assertThat(health.report().details()).containsKey("stopped");
  }

  /// A reorganisation of eight blocks where four are allowed.
  private void freeze() {
    chain.mine(10);
    var follower = follower(store, journal, 2, Optional.empty(), chainUrl());
    followAll(follower);
    chain.reorg(8);
    followAll(follower);
    assertThat(follower.status().stopped()).isPresent();
    journal.clear();
  }

  private URI chainUrl() {
    return URI.create(chain.rpcUrl());
  }

  private BlockFollower follower(
      TestStore in, Journal listener, int confirmations, Optional<Long> resume, URI... nodes) {
    return new BlockFollower(
        rpc(nodes),
        in.jdbc(),
        in.transactions(),
        new FollowerSettings(
            List.of(chain.deployment().token()),
            confirmations,
            depth(confirmations),
            start,
            resume,
            Duration.ofMillis(50)),
        listener,
        InstantSource.system());
  }

  private Rpc rpc(URI... nodes) {
    var chainId = new Hub(chain).chainId();
    var settings = new RpcSettings(Stream.of(nodes).toList(), chainId, Duration.ofSeconds(30), 1);
    var rpc = new Rpc(settings);
    opened.add(rpc);
    return rpc;
  }

  private static int depth(int confirmations) {
    return confirmations == 2 ? 4 : 64;
  }

  private static String contents(TestStore store) {
    return store
        .jdbc()
        .sql(
            """
            SELECT (SELECT string_agg(b::text, ';' ORDER BY number) FROM chain_block b)
                || (SELECT coalesce(string_agg(l::text, ';' ORDER BY block), '') FROM chain_log l)
                || (SELECT c::text FROM chain_cursor c)
            """)
        .query(String.class)
        .single();
  }

  private static void await(String what, BooleanSupplier condition) {
    long limit = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(limit);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static void followAll(BlockFollower follower) {
    while (follower.step()) {
      // Until there is no more.
    }
    follower.step();
  }
}
