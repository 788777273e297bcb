package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.stream.Stream;
import millrace.chain.contract.ContractCalls;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.testkit.FaultyNode;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A node that hangs, lies or lags: money comes late, and never twice or not at all.
class NodeOutageIT {
  private static final int CONFIRMATIONS = 4;

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
                "millrace.chain.request-timeout", "3s",
                "millrace.chain.request-attempts", "1",
                "millrace.chain.confirmations", CONFIRMATIONS,
                "millrace.settlement.claim.retry-after", "1s",
                "millrace.settlement.audit.interval", "1s"));
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

  @Test
  void whatTheNodeHangsOnIsDoneOnceItAnswersAgain() {
    var alice = flow.payer(30_000);
    node.stall();
    long asked = node.count();
    var authorized = flow.deposit(alice, 30_000);
    rig.await("workers hang", () -> node.count() > asked + 1);
    node.heal();
    flow.awaitDeposit(authorized);
    assertThat(flow.confirmations(authorized)).hasSize(1);
    flow.awaitReconciled();
  }

  static Stream<Arguments> everyFaultAtEveryStep() {
    return Stream.of(NodeFault.values())
        .flatMap(fault -> Stream.of(Step.values()).map(step -> Arguments.of(fault, step)));
  }

  /// The transaction is mined, with its confirmations even; what the node says of it is not to be
  /// believed, and then it is.
  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("everyFaultAtEveryStep")
  void aFaultOfTheNodeDelaysAnOutcomeAndNeitherLosesNorDoublesIt(NodeFault fault, Step step) {
    var deed = step.prepared(flow);
    flow.begin();
    if (fault.letsThrough()) fault.begin(node, chain);
    deed.begin();
    rig.await("it is mined", () -> flow.blockOf(step.kind()).isPresent());
    if (!fault.letsThrough()) fault.begin(node, chain);
    chain.mine(CONFIRMATIONS + 1);
    long asked = node.count();
    rig.await("the service had time to fall for it", () -> node.count() > asked + fault.felt());
    if (fault.holdsUp()) assertThat(deed.isDone()).isFalse();
    node.heal();
    flow.awaitDone(deed);
    deed.assertDoneOnce();
    flow.awaitReconciled();
  }

  @Test
  void aWithdrawalWhoseLogTheNodeLeavesOutIsSeenByItsReceipt() {
    var alice = flow.funded(20_000);
    node.lie("eth_getLogs", _ -> FaultyNode.emptyList());
    leave(alice);
    rig.await(WithdrawalSeen.class, w -> w.channelId().equals(alice.channel()));
  }

  @Test
  void aWithdrawalThatTheNodeHidesAltogetherIsFoundByComparingStates() {
    var alice = flow.funded(20_000);
    rig.await("its state was read", () -> isRead(alice));
    double missed = missed();
    node.lie("eth_getLogs", _ -> FaultyNode.emptyList());
    node.lie("eth_getBlockReceipts", _ -> FaultyNode.emptyList());
    leave(alice);
    flow.await(
        "somebody noticed",
        () ->
            rig.heard(ChannelStateSeen.class).stream()
                .anyMatch(
                    seen ->
                        seen.channelId().equals(alice.channel())
                            && seen.state().withdrawal().isPresent()));
    assertThat(missed()).isGreaterThan(missed);
    assertThat(rig.heard(WithdrawalSeen.class))
        .noneMatch(w -> w.channelId().equals(alice.channel()));
  }

  private static void leave(Payer payer) {
    Address channels = chain.deployment().channels();
    rig.send(
        payer.key().address(),
        channels,
        ContractCalls.initiateWithdraw(payer.config(), Amount.of(20_000)));
  }

  private static boolean isRead(Payer payer) {
    chain.mine(1);
    return rig.jdbc()
            .sql(
                """
                SELECT count(*) FROM channel
                 WHERE channel_id = :id AND balance IS NOT NULL AND touched_block <= read_block
                """)
            .param("id", payer.channel().toArray())
            .query(Long.class)
            .single()
        == 1;
  }

  private static double missed() {
    return rig.bean(MeterRegistry.class).counter("millrace.chain.audit.missed").count();
  }
}
