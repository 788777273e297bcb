package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Map;
import millrace.embedded.DevChain;
import millrace.testkit.FaultyNode;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What can happen to a transaction on its way into a block: it comes in late, and once.
class TransactionFaultsIT {
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);

  /// Each more than what was offered for the block before, with room for an offer or two more.
  private static final int[] RISING_GWEI = {10, 60, 240};

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
                "millrace.chain.rpc-urls",
                node.address(),
                "millrace.chain.confirmations",
                2,
                "millrace.chain.replace-after",
                "2s",
                "millrace.settlement.claim.retry-after",
                "1s"));
    flow = new Flow(rig);
  }

  @AfterAll
  static void stop() {
    rig.close();
    node.close();
    chain.close();
  }

  @BeforeEach
  void cheapGas() {
    mineAt(1);
  }

  @AfterEach
  void heal() {
    node.heal();
    chain.setAutomine(true);
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionStuckUnderARisingBaseFeeOffersMoreUntilItIsMinedOnce(Step step) {
    var deed = step.prepared(flow);
    flow.begin();
    mineAt(1);
    chain.setAutomine(false);
    deed.begin();
    rig.await("it is sent", () -> flow.offers(step.kind()) > 0);
    for (int gwei : RISING_GWEI) {
      long offers = flow.offers(step.kind());
      mineAt(gwei);
      assertThat(flow.blockOf(step.kind())).as("at %d gwei", gwei).isEmpty();
      rig.await("it offers more", () -> flow.offers(step.kind()) > offers);
    }
    assertThat(deed.isDone()).isFalse();
    chain.setAutomine(true);
    flow.awaitDone(deed);
    deed.assertDoneOnce();
    flow.awaitReconciled();
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionThatTheChainDropsIsSentAgainAndMinedOnce(Step step) {
    var deed = step.prepared(flow);
    flow.begin();
    chain.setAutomine(false);
    deed.begin();
    rig.await("it waits to be mined", TransactionFaultsIT::isPending);
    long sent = node.count("eth_sendRawTransaction");
    chain.rpc("anvil_dropAllTransactions");
    chain.setAutomine(true);
    flow.awaitDone(deed);
    assertThat(node.count("eth_sendRawTransaction")).isGreaterThan(sent);
    deed.assertDoneOnce();
    flow.awaitReconciled();
  }

  @ParameterizedTest
  @EnumSource
  void aForeignNonceCostsANonceAndAnAlarmAndNothingElse(Step step) {
    var deed = step.prepared(flow);
    node.on(
        "eth_sendRawTransaction", (request, _) -> FaultyNode.error(request, "try another time"));
    deed.begin();
    flow.await("it is signed", () -> flow.isOpenAndSigned(step.kind()));
    flow.useTheNextNonce();
    node.heal();
    flow.awaitDone(deed);
    deed.assertDoneOnce();
    flow.awaitReconciled();
    rig.await("the operator is told", () -> rig.healthOf("chain").contains("FOREIGN_TRANSACTION"));
  }

  private static boolean isPending() {
    return Long.decode(chain.rpc("txpool_status").path("pending").asString()) == 1;
  }

  /// A block at that base fee, as if the chain were full.
  private static void mineAt(int gwei) {
    chain.setNextBlockBaseFee(GWEI.multiply(BigInteger.valueOf(gwei)));
    chain.mine(1);
  }
}
