package millrace.chain.sender;

import static millrace.chain.sender.SenderScene.GWEI;
import static millrace.chain.sender.SenderScene.rounds;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import millrace.embedded.DevChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Transactions with a deadline on a chain whose blocks leave them out.
class UrgencyIT {
  private static final long WINDOW = 900;
  private static final BigInteger WORTH = GWEI.multiply(BigInteger.valueOf(200_000L * 500_000));

  private final SenderScene scene = new SenderScene();
  private final DevChain chain = scene.chain;

  @AfterEach
  void end() {
    scene.close();
  }

  /// Past a quarter of the window, by the time of blocks: the sender's own clock stands still.
  @Test
  void offersMoreAtEveryBlockPastAQuarterOfTheWindowAndIsMinedBeforeItsEnd() {
    chain.setAutomine(false);
    var sender = scene.sender(1);
    var since = chain.time();
    scene.submit(sender, urgent("a", 1));
    scene.submit(sender, scene.announce("b", 2));
    rounds(sender, 1);
    for (int block = 1; block <= 6; block++) {
      dearBlock(30);
      rounds(sender, 2);
    }
    assertThat(scene.attempts()).as("before a quarter").isEqualTo(2);
    for (int block = 1; block <= 6; block++) {
      dearBlock(60);
      long before = scene.attempts();
      rounds(sender, 3);
      assertThat(scene.attempts()).as("block %d", block).isEqualTo(before + 1);
    }
    assertThat(scene.everyVersionIsDearer()).isTrue();
    chain.setNextBlockBaseFee(GWEI.multiply(BigInteger.valueOf(10)));
    chain.mine(1);
    scene.pass(Duration.ofSeconds(16)); // The node had not taken it at that base fee.
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(scene.journal.ended).extracting(e -> e.purpose().value()).contains("a");
    assertThat(chain.time()).isBefore(since.plusSeconds(WINDOW));
  }

  @Test
  void whatHasADeadlineIsBegunBeforeWhatWasAskedForEarlier() {
    chain.setAutomine(false);
    var sender = scene.sender(1);
    scene.submit(sender, scene.announce("first", 1));
    scene.submit(sender, urgent("urgent", 2));
    rounds(sender, 1);
    assertThat(
            scene
                .store
                .jdbc()
                .sql("SELECT purpose FROM chain_transaction ORDER BY nonce")
                .query(String.class)
                .list())
        .containsExactly("urgent", "first");
  }

  private TransactionRequest urgent(String purpose, int payee) {
    var plain = scene.announce(purpose, payee);
    var now = chain.time();
    return new TransactionRequest(
        plain.purpose(),
        plain.to(),
        plain.data(),
        plain.gas(),
        Optional.of(new Urgency(now, now.plusSeconds(WINDOW), WORTH)));
  }

  /// Dearer than anything on offer.
  private void dearBlock(long seconds) {
    chain.setNextBlockBaseFee(BigInteger.TEN.pow(15));
    chain.rpc("evm_increaseTime", seconds);
    chain.rpc("evm_mine");
  }
}
