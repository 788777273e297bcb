package millrace.chain.sender;

import static millrace.chain.sender.SenderScene.KEY;
import static millrace.chain.sender.SenderScene.rounds;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import millrace.chain.sender.SenderScene.Journal;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Two processes on one database that may both send for an account.
class SenderLeaseIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final SenderScene scene = new SenderScene();

  @AfterEach
  void end() {
    scene.close();
  }

  @Test
  void onlyOneOfTwoSends() {
    var first = another(Duration.ofHours(1));
    var second = another(Duration.ofHours(1));
    assertThat(first.lead()).isTrue();
    scene.submit(second, scene.announce("a", 1));
    rounds(second, 3);
    assertThat(second.status().leads()).isFalse();
    assertThat(scene.attempts()).isZero();
    rounds(first, 3);
    assertThat(scene.journal.ended).hasSize(1);
  }

  /// The clock of the senders stands still here: it is the database's that counts.
  @Test
  void theOtherTakesOverOnceTheFirstHasBeenSilentForTheLease() throws InterruptedException {
    var first = another(Duration.ofMillis(400));
    var second = another(Duration.ofHours(1));
    assertThat(first.lead()).isTrue();
    long limit = System.nanoTime() + PATIENCE.toNanos();
    while (!second.lead() && System.nanoTime() < limit) Thread.sleep(20);
    assertThat(second.lead()).isTrue();
    assertThat(first.lead()).isFalse();
  }

  @Test
  void oneThatEndsInOrderIsFollowedAtOnce() {
    var first = another(Duration.ofHours(1));
    var second = another(Duration.ofHours(1));
    first.lead();
    first.close();
    assertThat(second.lead()).isTrue();
  }

  @Test
  void onePausedBeforeItStoredItsSignatureStoresNothingAndSendsNothingWhenItWakesUp()
      throws InterruptedException {
    var slow = new PausingSigner();
    var paused = new Journal();
    var first = scene.sender(scene.settings(1), scene.faultyRpc(), slow, paused);
    scene.submit(first, scene.announce("a", 1));
    var thread = Thread.ofVirtual().start(first::round);
    slow.awaitPause();
    scene.expireLease();
    var second = another(Duration.ofHours(1));
    rounds(second, 2);
    assertThat(scene.journal.ended).hasSize(1);
    var stored = scene.hash();
    slow.resume();
    assertThat(thread.join(PATIENCE)).isTrue();
    assertThat(scene.node.count("eth_sendRawTransaction")).isZero();
    assertThat(scene.hash()).isEqualTo(stored);
    assertThat(paused.ended).isEmpty();
    assertThat(first.status().leads()).isFalse();
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void onePausedBeforeItGaveANonceGivesNone() throws InterruptedException {
    var pause = new Pause();
    scene.node.on(
        "eth_getTransactionCount",
        (request, node) -> {
          var answer = node.apply(request);
          pause.here();
          return answer;
        });
    var first =
        scene.sender(scene.settings(1), scene.faultyRpc(), new LocalSigner(KEY), scene.journal);
    scene.submit(first, scene.announce("a", 1));
    var thread = Thread.ofVirtual().start(first::round);
    pause.await();
    scene.expireLease();
    var second = another(Duration.ofHours(1));
    rounds(second, 2);
    pause.end();
    assertThat(thread.join(PATIENCE)).isTrue();
    rounds(second, 2);
    assertThat(scene.attempts()).isEqualTo(1);
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void onePausedBeforeItReportedTheEndReportsNothing() throws InterruptedException {
    var pause = new Pause();
    var paused = new Journal();
    var first = scene.sender(scene.settings(1), scene.faultyRpc(), new LocalSigner(KEY), paused);
    scene.submit(first, scene.announce("a", 1));
    rounds(first, 1);
    scene.node.on(
        "eth_getTransactionReceipt",
        (request, node) -> {
          var answer = node.apply(request);
          pause.here();
          return answer;
        });
    var thread = Thread.ofVirtual().start(first::round);
    pause.await();
    scene.expireLease();
    rounds(another(Duration.ofHours(1)), 1);
    pause.end();
    assertThat(thread.join(PATIENCE)).isTrue();
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(paused.ended).isEmpty();
  }

  private TransactionSender another(Duration lease) {
    var settings = scene.settings(1, BigInteger.TEN.pow(12), lease);
    return scene.sender(settings, scene.rpc, new LocalSigner(KEY), scene.journal);
  }

  /// Where a thread is held up, as a stopped process is.
  private static final class Pause {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    void here() {
      reached.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void await() throws InterruptedException {
      assertThat(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    void end() {
      over.countDown();
    }
  }

  private static final class PausingSigner implements TransactionSigner {
    private final LocalSigner signer = new LocalSigner(KEY);
    private final Pause pause = new Pause();

    @Override
    public Address address() {
      return signer.address();
    }

    @Override
    public Signature sign(Bytes32 digest) {
      pause.here();
      return signer.sign(digest);
    }

    void awaitPause() throws InterruptedException {
      pause.await();
    }

    void resume() {
      pause.end();
    }
  }
}
