package millrace.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import millrace.embedded.DevChain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.testkit.FaultyNode;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Nodes that stall, lie or lag, in front of a real chain.
class NodeFaultsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// What is waited for a node that hangs. On a busy machine a good one may take half a second.
  private static final Duration SHORT = Duration.ofMillis(1_500);

  private static final String FORGED = "0x" + "ab".repeat(32);
  private static final DevChain CHAIN = TestChain.start();

  private final FaultyNode first = new FaultyNode(CHAIN.rpcUrl());
  private final FaultyNode second = new FaultyNode(CHAIN.rpcUrl());
  private final FaultyNode third = new FaultyNode(CHAIN.rpcUrl());
  private final List<Rpc> opened = new ArrayList<>();

  @AfterAll
  static void stopChain() {
    CHAIN.close();
  }

  @AfterEach
  void end() {
    opened.forEach(Rpc::close);
    Stream.of(first, second, third).forEach(FaultyNode::close);
  }

  @Test
  void aNodeThatHangsIsFoundOutAndThenCostsNoMoreWaiting() {
    var rpc = rpc(SHORT, first, second);
    first.stall();
    for (int i = 0; i < 40; i++) assertThat(rpc.head().number()).isEqualTo(CHAIN.blockNumber());
    assertThat(first.count()).isLessThanOrEqualTo(10);
  }

  @Test
  void aNodeThatHangsAloneEndsInAnErrorAndNotInAHang() {
    var rpc = rpc(SHORT, first);
    first.stall();
    assertThatThrownBy(rpc::head).isInstanceOf(RpcUnavailable.class);
    first.heal();
    assertThat(rpc.head().number()).isEqualTo(CHAIN.blockNumber());
  }

  @Test
  void aNodeThatLagsFarBehindIsAskedLastUntilItHasCaughtUp() {
    var rpc = rpc(first, second);
    first.freezeAt(CHAIN.blockNumber());
    CHAIN.mine(20);
    await(() -> rpc.head().number() == CHAIN.blockNumber());
    first.heal();
    long asked = first.count("eth_getBlockByNumber");
    await(
        () -> {
          rpc.head();
          return first.count("eth_getBlockByNumber") > asked;
        });
  }

  @Test
  void whoLagsAndWhoIsSilentIsTold() {
    var rpc = rpc(SHORT, first, second, third);
    await(() -> rpc.agreement().equals(new Agreement(3, 0, 0, 0)));
    first.freezeAt(CHAIN.blockNumber());
    CHAIN.mine(20);
    await(() -> rpc.agreement().equals(new Agreement(3, 0, 1, 0)));
    assertThat(rpc.agreement().good()).isEqualTo(2);
    first.heal();
    await(() -> rpc.agreement().good() == 3);
  }

  @Test
  void aNodeThatKeepsATransactionToItselfKeepsItFromNobody() {
    var rpc = rpc(first, second);
    first.on(
        "eth_sendRawTransaction",
        (request, _) -> FaultyNode.result(request, FaultyNode.text(FORGED)));
    assertThat(rpc.broadcast(Bytes.of("0x1234"))).isInstanceOf(Broadcast.Taken.class);
    await(() -> second.count("eth_sendRawTransaction") == 1);
  }

  @Test
  void oneNodeThatBoastsDoesNotMakeTwoOthersLookSlow() {
    var rpc = rpc(first, second, third);
    third.lie("eth_blockNumber", _ -> FaultyNode.text("0xffffffff"));
    rpc.head();
    await(() -> third.count("eth_blockNumber") > 0);
    for (int i = 0; i < 5; i++) rpc.head();
    assertThat(third.count("eth_getBlockByNumber")).isZero();
  }

  @Test
  void aNodeThatComesBackOnAnotherChainIsLeftOut() {
    var rpc = rpc(SHORT, first, second);
    rpc.head();
    first.stall();
    rpc.head();
    first.heal();
    first.lie("eth_chainId", _ -> FaultyNode.text("0x1"));
    first.lie("eth_getBalance", _ -> FaultyNode.text("0x7"));
    assertThat(rpc.balance(Persona.ALICE.address())).isNotEqualTo(7);
  }

  @Test
  void logsThatANodeLeavesOutAreFoundInTheReceipts() {
    CHAIN.mint(Persona.ALICE.address(), Amount.of(5));
    var rpc = rpc(first);
    var head = rpc.head();
    var honest = rpc.logs(List.of(head), token()).getFirst();
    assertThat(honest).hasSize(1);
    first.lie("eth_getLogs", _ -> FaultyNode.emptyList());
    assertThat(rpc.logs(List.of(head), token()).getFirst()).isEqualTo(honest);
  }

  @Test
  void anEmptyBlockCostsNoReceipts() {
    CHAIN.mine(1);
    var rpc = rpc(first);
    assertThat(rpc.logs(List.of(rpc.head()), token()).getFirst()).isEmpty();
    assertThat(first.count("eth_getBlockReceipts")).isZero();
  }

  @Test
  void logsOfAnotherBlockAreNotBelievedAndTheNextNodeIsAsked() {
    CHAIN.mint(Persona.ALICE.address(), Amount.of(5));
    first.lie("eth_getLogs", logs -> changed(logs, "blockHash", FORGED));
    var rpc = rpc(first, second);
    var head = rpc.head();
    assertThat(rpc.logs(List.of(head), token()).getFirst())
        .singleElement()
        .satisfies(log -> assertThat(log.blockHash()).isEqualTo(head.hash()));
  }

  @Test
  void logsOfAnotherContractAreNotBelieved() {
    CHAIN.mint(Persona.ALICE.address(), Amount.of(5));
    first.lie("eth_getLogs", logs -> changed(logs, "address", "0x" + "12".repeat(20)));
    var rpc = rpc(first);
    var head = rpc.head();
    assertThatThrownBy(() -> rpc.logs(List.of(head), token())).isInstanceOf(RpcUnavailable.class);
  }

  @Test
  void anotherBlockThanAskedForIsNotBelieved() {
    CHAIN.mine(2);
    first.lie("eth_getBlockByHash", block -> ((ObjectNode) block).put("hash", FORGED));
    first.lie("eth_getBlockByNumber", block -> ((ObjectNode) block).put("number", "0x1"));
    var rpc = rpc(first, second);
    var truth = CHAIN.rpc("eth_getBlockByNumber", "latest", false);
    var number = CHAIN.blockNumber();
    var block = rpc.block(number).orElseThrow();
    assertThat(block.hash().toString()).isEqualTo(truth.path("hash").asString());
    assertThat(rpc.block(block.hash())).contains(block);
  }

  @Test
  void anotherTransactionsReceiptIsNotBelieved() {
    first.lie(
        "eth_getTransactionReceipt",
        receipt -> ((ObjectNode) receipt).put("transactionHash", FORGED));
    CHAIN.mint(Persona.ALICE.address(), Amount.of(5));
    var rpc = rpc(first, second);
    var hash = rpc.logs(List.of(rpc.head()), token()).getFirst().getFirst().transaction();
    assertThat(rpc.receipt(hash).orElseThrow().transaction()).isEqualTo(hash);
  }

  @Test
  void twoNodesThatDisagreeAboutABlockLeaveItOpen() {
    var rpc = rpc(first, second);
    var head = rpc.head().id();
    assertThat(rpc.agreeOn(head)).isTrue();
    forgeHead(second);
    assertThat(rpc.agreeOn(head)).isFalse();
    second.heal();
    assertThat(rpc.agreeOn(head)).isTrue();
  }

  @Test
  void ofThreeNodesTheOneThatIsContradictedIsAskedLast() {
    var rpc = rpc(first, second, third);
    var truth = rpc.head().id();
    forgeHead(first);
    var forged = rpc.head().id();
    assertThat(forged).isNotEqualTo(truth);
    assertThat(rpc.agreeOn(truth)).isTrue();
    assertThat(rpc.agreeOn(forged)).isFalse();
    assertThat(rpc.head().id()).isEqualTo(truth);
  }

  @Test
  void aNodeThatIsDownOrBehindHasNoSay() {
    CHAIN.mine(1);
    var rpc = rpc(Duration.ofSeconds(2), first, second, third);
    var head = rpc.head().id();
    second.freezeAt(head.number() - 1);
    third.close();
    assertThat(rpc.agreeOn(head)).isTrue();
  }

  private static void forgeHead(FaultyNode node) {
    node.lie("eth_getBlockByNumber", block -> ((ObjectNode) block).put("hash", FORGED));
  }

  private static JsonNode changed(JsonNode logs, String field, String value) {
    for (var log : logs.values()) ((ObjectNode) log).put(field, value);
    return logs;
  }

  private static List<Address> token() {
    return List.of(CHAIN.deployment().token());
  }

  private Rpc rpc(FaultyNode... nodes) {
    return rpc(Duration.ofSeconds(30), nodes);
  }

  private Rpc rpc(Duration timeout, FaultyNode... nodes) {
    List<URI> addresses = Stream.of(nodes).map(FaultyNode::address).toList();
    var chainId = BigInteger.valueOf(CHAIN.deployment().chainId());
    var rpc = new Rpc(new RpcSettings(addresses, chainId, timeout, 1));
    opened.add(rpc);
    return rpc;
  }

  private static void await(BooleanSupplier condition) {
    long limit = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("patience").isLessThan(limit);
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
