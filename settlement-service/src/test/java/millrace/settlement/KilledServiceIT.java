package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import millrace.embedded.DevChain;
import millrace.testkit.FaultyNode;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The service's process is killed while it speaks with the node about a transaction. Another one
/// goes on, with nothing but the database.
class KilledServiceIT {
  private static final long PATIENCE_SECONDS = 120;

  private static DevChain chain;
  private static FaultyNode node;
  private static Rig rig;
  private static Flow flow;

  @BeforeAll
  static void start() {
    chain = TestChain.start();
    node = new FaultyNode(chain.rpcUrl());
    rig =
        new Rig(
            chain,
            Map.of(
                "millrace.chain.rpc-urls", node.address(),
                "millrace.chain.request-timeout", "60s",
                "millrace.chain.sender-lease", "2s",
                "millrace.chain.confirmations", 2,
                "millrace.settlement.claim.retry-after", "1s"),
            true);
    flow = new Flow(rig);
  }

  @AfterAll
  static void stop() {
    rig.close();
    node.close();
    chain.close();
  }

  @AfterEach
  void heal() {
    node.heal();
  }

  @ParameterizedTest
  @EnumSource
  void killedBetweenStoringAndSendingItIsDoneOnce(Step step) {
    var deed = step.prepared(flow);
    flow.begin();
    killAtItsBroadcast(deed, (request, _) -> request);
    assertThat(flow.isOpenAndSigned(step.kind())).isTrue();
    assertThat(flow.blockOf(step.kind())).isEmpty();
    goOn(deed);
  }

  @ParameterizedTest
  @EnumSource
  void killedBetweenSendingAndTheReceiptItIsDoneOnce(Step step) {
    var deed = step.prepared(flow);
    flow.begin();
    killAtItsBroadcast(deed, (request, real) -> real.apply(request));
    assertThat(flow.offers(step.kind())).as("noted as sent").isZero();
    assertThat(flow.blockOf(step.kind())).isPresent();
    goOn(deed);
  }

  /// @param fate what becomes of the transaction, whose sender never hears the answer
  private static void killAtItsBroadcast(Step.Deed deed, FaultyNode.Fault fate) {
    var broadcast = new CountDownLatch(1);
    var death = new CountDownLatch(1);
    node.on(
        "eth_sendRawTransaction",
        (request, real) -> {
          var answer = fate.answer(request, real);
          broadcast.countDown();
          await(death);
          return answer;
        });
    deed.begin();
    await(broadcast);
    rig.kill();
    node.heal();
    death.countDown();
  }

  private static void goOn(Step.Deed deed) {
    rig.start();
    flow.awaitDone(deed);
    deed.assertDoneOnce();
    flow.awaitReconciled();
  }

  private static void await(CountDownLatch event) {
    try {
      assertThat(event.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
