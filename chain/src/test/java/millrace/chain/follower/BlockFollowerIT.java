package millrace.chain.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import millrace.chain.Hub;
import millrace.chain.TestStore;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevChain;
import millrace.protocol.type.Amount;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockFollowerIT {
  private final TestStore store = TestStore.fresh();
  private final Journal journal = new Journal();
  private DevChain chain;
  private Rpc rpc;
  private long start;

  @BeforeEach
  void startChain() {
    chain = TestChain.start();
    rpc = new Hub(chain).rpc();
    start = chain.blockNumber() + 1;
  }

  @AfterEach
  void stopChain() {
    rpc.close();
    chain.close();
  }

  @Test
  void tellsOfEveryBlockAndItsLogsInOrder() {
    chain.mint(Persona.ALICE.address(), Amount.of(5));
    chain.mine(2);
    followAll(follower(1));
    assertThat(journal.heads).containsExactly(start, start + 1, start + 2);
    assertThat(journal.finals).containsExactly(start, start + 1, start + 2);
    assertThat(journal.logs)
        .singleElement()
        .satisfies(
            log -> {
              assertThat(log.block()).isEqualTo(start);
              assertThat(log.contract()).isEqualTo(chain.deployment().token());
            });
  }

  @Test
  void reportsABlockAsFinalOnceItHasItsConfirmations() {
    chain.mint(Persona.ALICE.address(), Amount.of(5));
    chain.mine(2);
    var follower = follower(3);
    followAll(follower);
    assertThat(journal.finals).containsExactly(start);
    assertThat(journal.finalLogs).hasSize(1).isEqualTo(journal.logs);
    assertThat(follower.status().head()).isEqualTo(start + 2);
    assertThat(follower.status().finalBlock()).isEqualTo(start);
    assertThat(follower.status().lag()).isZero();
  }

  @Test
  void goesBackWhenTheLastBlockIsReplaced() {
    chain.mine(4);
    var follower = follower(3);
    followAll(follower);
    chain.reorg(1);
    journal.clear();
    followAll(follower);
    assertThat(journal.reorgs).containsExactly(start + 3);
    assertThat(journal.heads).containsExactly(start + 3, start + 4);
    assertThat(journal.finals).containsExactly(start + 2);
  }

  @Test
  void goesBackFiveBlocksAndReportsTheirSuccessorsAsFinalAgain() {
    chain.mine(8);
    var follower = follower(3);
    followAll(follower);
    chain.reorg(5);
    journal.clear();
    followAll(follower);
    assertThat(journal.reorgs).containsExactly(start + 3);
    assertThat(journal.heads)
        .containsExactly(start + 3, start + 4, start + 5, start + 6, start + 7, start + 8);
    assertThat(journal.finals).containsExactly(start + 3, start + 4, start + 5, start + 6);
  }

  @Test
  void logsOfReplacedBlocksNeverBecomeFinal() {
    chain.mine(2);
    chain.mint(Persona.ALICE.address(), Amount.of(5));
    var follower = follower(3);
    followAll(follower);
    assertThat(journal.logs).hasSize(1);
    chain.reorg(1);
    chain.mine(5);
    followAll(follower);
    assertThat(journal.finalLogs).isEmpty();
  }

  @Test
  void stopsAtAReorganisationDeeperThanAllowed() {
    chain.mine(10);
    var follower = follower(2, 4);
    followAll(follower);
    chain.reorg(6);
    journal.clear();
    followAll(follower);
    assertThat(follower.status().stopped()).isPresent();
    assertThat(journal.reorgs).isEmpty();
    assertThat(journal.heads).isEmpty();
  }

  @Test
  void aNewFollowerGoesOnWhereTheLastOneWas() {
    chain.mine(3);
    followAll(follower(2));
    journal.clear();
    chain.mine(2);
    followAll(follower(2));
    assertThat(journal.heads).containsExactly(start + 3, start + 4);
    assertThat(journal.finals).containsExactly(start + 2, start + 3);
  }

  @Test
  void seesAReorganisationThatHappenedWhileItWasDown() {
    chain.mine(3);
    followAll(follower(2));
    chain.reorg(2);
    journal.clear();
    followAll(follower(2));
    assertThat(journal.reorgs).containsExactly(start + 1);
    assertThat(journal.heads).containsExactly(start + 1, start + 2, start + 3);
  }

  @Test
  void aListenerThatFailsSeesTheSameBlockAgain() {
    chain.mine(1);
    var follower = follower(1);
    journal.failure = new IllegalStateException("no");
    assertThatThrownBy(() -> followAll(follower)).isSameAs(journal.failure);
    journal.failure = null;
    journal.clear();
    followAll(follower);
    assertThat(journal.heads).containsExactly(start);
  }

  @Test
  void twoFollowersOfOneDatabaseTellOfEachBlockOnce() {
    var one = follower(1);
    var other = follower(1);
    chain.mine(1);
    one.step();
    other.step();
    chain.mine(1);
    other.step();
    one.step();
    assertThat(journal.heads).containsExactly(start, start + 1);
  }

  private BlockFollower follower(int confirmations) {
    return follower(confirmations, 64);
  }

  private BlockFollower follower(int confirmations, int maxReorgDepth) {
    var settings =
        new FollowerSettings(
            List.of(chain.deployment().token()),
            confirmations,
            maxReorgDepth,
            start,
            Optional.empty(),
            Duration.ofMillis(50));
    return new BlockFollower(
        rpc, store.jdbc(), store.transactions(), settings, journal, InstantSource.system());
  }

  private static void followAll(BlockFollower follower) {
    while (follower.step()) {
      // Until there is no more.
    }
    follower.step();
  }
}
