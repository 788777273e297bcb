package millrace.watchtower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.type.Amount;
import millrace.testkit.FaultyNode;
import millrace.testkit.TestChain;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What chain, nodes, fees and time can do to a tower that has to answer.
class TowerFaultsIT {
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final Amount OWED = Amount.of(4_000);
  private static final String FORGED = "0x" + "ab".repeat(32);

  /// Tokens so dear that a few units outbid everybody.
  private static final Map<String, Object> PRECIOUS =
      Map.of("millrace.watchtower.tokens-per-ether", "0.001");

  /// Then what is owed is worth four ether, offered for the 165,000 gas of a claim of one row.
  private static final BigInteger ALL_IT_IS_WORTH = new BigInteger("24242424242424");

  private static DevChain chain;
  private static Rpc rpc;

  private final List<FaultyNode> nodes = new ArrayList<>();

  @BeforeAll
  static void start() {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
    chain = TestChain.start();
    rpc = Tower.rpc(chain);
  }

  @AfterAll
  static void stop() {
    rpc.close();
    chain.close();
  }

  @AfterEach
  void heal() {
    nodes.forEach(FaultyNode::close);
    chain.setAutomine(true);
    chain.rpc("evm_setBlockGasLimit", "0x1c9c380");
  }

  @ParameterizedTest(name = "{0} seconds after the deadline")
  @ValueSource(ints = {-1, 0, 1})
  void claimsEverythingAroundTheDeadlineAsLongAsThePayerHasNotTakenIt(int seconds) {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    var database = Tower.guarding(chain, alice);
    chain.setAutomine(false);
    alice.askToWithdraw(10_000);
    chain.mine(1);
    long deadline = chain.time().getEpochSecond() + Payer.DELAY_SECONDS;
    chain.rpc("evm_setNextBlockTimestamp", deadline + seconds);
    chain.mine(1);
    try (var tower = Tower.start(chain, nobody(), database, PRECIOUS)) {
      await().until(() -> chain.rpc("txpool_status").path("pending").asString().equals("0x1"));
      assertThat(tower.offeredWei()).isEqualTo(ALL_IT_IS_WORTH);
      chain.setAutomine(true);
      chain.mine(1);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
      alice.finalizeWithdraw();
      assertThat(alice.state().balance()).isEqualTo(OWED);
    }
  }

  @Test
  void whatThePayerTookAfterTheDeadlineIsClaimedNoMoreAndKeepsNobodyBusy() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    var database = Tower.guarding(chain, alice);
    alice.initiateWithdraw(10_000);
    alice.finalizeWithdraw();
    chain.mine(3);
    try (var tower = Tower.start(chain, nobody(), database, Map.of())) {
      await().until(() -> tower.verdict(alice).equals("GONE"));
      assertThat(tower.claims(alice)).isZero();
    }
  }

  @Test
  void aTowerThatComesBackShortlyBeforeTheDeadlineAnswersInTime() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    var database = Tower.guarding(chain, alice);
    alice.initiateWithdraw(10_000);
    chain.increaseTime(Duration.ofSeconds(Payer.DELAY_SECONDS - 60));
    try (var tower = Tower.start(chain, nobody(), database, PRECIOUS)) {
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
      assertThat(tower.attempts()).isEqualTo(1);
      assertThat(tower.offeredWei()).as("it does not begin low").isEqualTo(ALL_IT_IS_WORTH);
    }
  }

  @Test
  void answersThoughTheBaseFeeRisesTwentyfold() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(PRECIOUS)) {
      tower.hold(alice);
      alice.initiateWithdrawUnanswered(10_000);
      var deadline = chain.time().plusSeconds(Payer.DELAY_SECONDS);
      await().until(() -> tower.attempts() == 1);
      var first = tower.offeredWei();
      await()
          .until(
              () -> {
                // A little more than what the newest version offers, up to twenty times the first.
                var dear = tower.offeredWei().add(GWEI).min(first.multiply(BigInteger.valueOf(20)));
                chain.setNextBlockBaseFee(dear);
                mineThirtySecondsLater(tower);
                return alice.claimed().equals(OWED);
              });
      assertThat(tower.offeredWei()).isGreaterThan(first.multiply(BigInteger.valueOf(20)));
      assertThat(chain.time()).isBefore(deadline);
      assertThat(tower.claims(alice)).as("one claim, offered at more").isEqualTo(1);
    }
    chain.setNextBlockBaseFee(GWEI);
  }

  /// Others fill every block and offer more than anybody should have to.
  @Test
  void outbidsThoseWhoStuffBlocks() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(PRECIOUS)) {
      tower.hold(alice);
      alice.initiateWithdrawUnanswered(10_000);
      var deadline = chain.time().plusSeconds(Payer.DELAY_SECONDS);
      chain.rpc("evm_setBlockGasLimit", "0x33450"); // Ten transfers.
      await().until(() -> tower.attempts() == 1);
      int stuffed = 0;
      while (!alice.claimed().equals(OWED)) {
        for (int i = 0; i < 10; i++) stuff(GWEI.multiply(BigInteger.valueOf(5_000)));
        mineThirtySecondsLater(tower);
        stuffed++;
      }
      assertThat(stuffed).as("stuffed blocks").isGreaterThan(5);
      assertThat(chain.time()).isBefore(deadline);
    }
  }

  @Test
  void aWithdrawalThatAReorganisationRemovesIsGoneAndOneThatComesAgainIsAnswered() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of("millrace.watchtower.head-start", "1h"))) {
      tower.hold(alice);
      alice.initiateWithdraw(10_000);
      await().until(() -> tower.verdict(alice).equals("EXPOSED"));
      chain.reorg(1);
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("GONE"));
      assertThat(tower.claims(alice)).isZero();
      alice.initiateWithdraw(10_000);
      chain.increaseTime(Duration.ofSeconds(Payer.DELAY_SECONDS / 2 + 1));
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
    }
  }

  @Test
  void aReorganisationThatRemovesWithdrawalAndClaimLosesNothing() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of())) {
      tower.hold(alice);
      alice.initiateWithdraw(10_000);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
      chain.reorg(2);
      assertThat(alice.state().withdrawal()).isEmpty();
      alice.initiateWithdraw(10_000);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("SAFE"));
    }
  }

  @Test
  void aWithdrawalThatARefundEndsAndAnotherAfterItAreTwo() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of())) {
      tower.hold(alice);
      alice.initiateWithdraw(5_000);
      await().until(() -> tower.verdict(alice).equals("UNTOUCHABLE"));
      alice.refundedByTheHub(4_000, 6_000);
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("GONE"));
      alice.deposit(5_000, 2);
      Tower.publish(alice.paid(6_000, 2));
      await().until(() -> tower.guardedSequence(alice) == 2);
      alice.initiateWithdraw(5_000);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(6_000)));
      assertThat(tower.claims(alice)).isEqualTo(1);
    }
  }

  @Test
  void logsThatANodeDoublesAndReordersAreTakenOnce() {
    var node = node();
    node.lie(
        "eth_getLogs",
        logs -> {
          var all = new ArrayList<JsonNode>(logs.values());
          all.addAll(logs.values());
          Collections.reverse(all);
          ((ArrayNode) logs).removeAll().addAll(all);
          return logs;
        });
    answers(Map.of("millrace.chain.rpc-urls", node.address()));
  }

  @Test
  void logsThatANodeDropsAreFoundInTheReceipts() {
    var node = node();
    node.lie("eth_getLogs", _ -> FaultyNode.emptyList());
    answers(Map.of("millrace.chain.rpc-urls", node.address()));
  }

  @Test
  void aWithdrawalThatANodeHidesAltogetherIsFoundByGoingThroughAllChannels() {
    var node = node();
    node.lie("eth_getLogs", _ -> FaultyNode.emptyList());
    node.lie("eth_getBlockReceipts", _ -> FaultyNode.emptyList());
    answers(
        Map.of(
            "millrace.chain.rpc-urls",
            node.address(),
            "millrace.watchtower.sweep-interval",
            "500ms"));
  }

  @Test
  void oneFrozenNodeOfTwoKeepsNobodyFromAnsweringAndIsTold() {
    var frozen = node();
    var good = node();
    try (var tower = tower(urls(frozen, good))) {
      frozen.freezeAt(chain.blockNumber());
      chain.mine(10);
      await().until(() -> tower.gauge("millrace.chain.rpc.nodes", "state", "lagging") == 1);
      answers(tower);
      assertThat(tower.get("/actuator/health")).contains("\"lagging\":1");
    }
  }

  /// The follower stands still, and the tower does not.
  @Test
  void whileTwoNodesDisagreeTheWithdrawalThatOneOfThemTellsOfIsAnswered() {
    var liar = node();
    var honest = node();
    try (var tower = tower(urls(liar, honest))) {
      var alice = Payer.withChannel(chain, rpc, 10_000);
      tower.hold(alice);
      await().until(() -> tower.guard().path("headBlock").asLong() == chain.blockNumber());
      long last = chain.blockNumber();
      liar.lie("eth_getBlockByNumber", block -> forgedAfter(last, block));
      liar.lie("eth_getLogs", _ -> FaultyNode.emptyList());
      alice.initiateWithdrawUnanswered(10_000);
      await().until(() -> tower.gauge("millrace.chain.disputed") == 1);
      chain.setAutomine(true);
      chain.mine(1);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
      assertThat(tower.gauge("millrace.chain.disputed")).isEqualTo(1);
      liar.heal();
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("SAFE"));
      await().until(() -> tower.gauge("millrace.chain.disputed") == 0);
    }
  }

  @Test
  void withoutMoneyForGasItRaisesTheAlarmAndAnswersOnceItIsRefilled() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of())) {
      tower.hold(alice);
      chain.setBalance(DevAccount.WATCHTOWER.address(), BigInteger.ONE);
      alice.initiateWithdraw(10_000);
      await()
          .until(() -> tower.gauge("millrace.chain.sender.trouble", "kind", "out_of_funds") == 1);
      assertThat(alice.claimed()).isEqualTo(Amount.ZERO);
      chain.setBalance(DevAccount.WATCHTOWER.address(), BigInteger.TEN.pow(20));
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
    } finally {
      chain.setBalance(DevAccount.WATCHTOWER.address(), BigInteger.TEN.pow(20));
    }
  }

  /// It forgot a voucher, which Kafka knows that it read, a withdrawal, a claim and transactions.
  @Test
  void aRestoredOldDatabaseCatchesUpAndAnswers() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    var bob = Payer.withChannel(chain, rpc, 10_000);
    Tower.publish(alice.paid(1_000, 1));
    var backup = TestPostgres.freshDatabase();
    var same = Map.<String, Object>of("spring.kafka.consumer.group-id", "same-" + backup.name());
    try (var tower = Tower.start(chain, TestKafka.bootstrapServers(), backup, same)) {
      await().until(() -> tower.guardedSequence(alice) == 1);
      assertThat(tower.read()).isPositive();
    }
    var lost = TestPostgres.copyOf(backup);
    try (var tower = Tower.start(chain, TestKafka.bootstrapServers(), lost, same)) {
      tower.hold(bob);
      bob.initiateWithdraw(10_000);
      await().untilAsserted(() -> assertThat(bob.claimed()).isEqualTo(OWED));
      Tower.publish(alice.paid(4_000, 2));
      await().until(() -> tower.guardedSequence(alice) == 2);
    }
    alice.initiateWithdraw(10_000);
    try (var tower = Tower.start(chain, TestKafka.bootstrapServers(), backup, same)) {
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("SAFE"));
      await().until(() -> tower.verdict(bob).equals("SAFE"));
    }
  }

  private void answers(Map<String, Object> changes) {
    try (var tower = tower(changes)) {
      answers(tower);
    }
  }

  /// The tower sees each block before the next one, however slow the machine is: else the deadline
  /// would pass before it had looked often enough.
  private static void mineThirtySecondsLater(Tower tower) {
    long before = chain.blockNumber();
    chain.rpc("evm_increaseTime", 30);
    chain.mine(1);
    await().until(() -> tower.guard().path("headBlock").asLong() > before);
  }

  private static void answers(Tower tower) {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    tower.hold(alice);
    alice.initiateWithdraw(10_000);
    await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
    chain.mine(3);
    await().until(() -> tower.verdict(alice).equals("SAFE"));
    assertThat(tower.claims(alice)).isEqualTo(1);
  }

  private static void stuff(BigInteger wei) {
    var stuffer = DevAccount.payer(0).address().toString();
    chain.rpc("anvil_setBalance", stuffer, "0x" + BigInteger.TEN.pow(24).toString(16));
    var fee = "0x" + wei.toString(16);
    chain.rpc(
        "eth_sendTransaction",
        Map.of(
            "from",
            stuffer,
            "to",
            stuffer,
            "gas",
            "0x5208",
            "maxFeePerGas",
            fee,
            "maxPriorityFeePerGas",
            fee));
  }

  private static JsonNode forgedAfter(long last, JsonNode block) {
    var number = block.path("number").asString("");
    boolean isLater = number.startsWith("0x") && Long.decode(number) > last;
    return isLater ? ((ObjectNode) block).put("hash", FORGED) : block;
  }

  private FaultyNode node() {
    var node = new FaultyNode(chain.rpcUrl());
    nodes.add(node);
    return node;
  }

  private static Map<String, Object> urls(FaultyNode first, FaultyNode second) {
    var urls = new HashMap<String, Object>();
    urls.put("millrace.chain.rpc-urls", first.address() + "," + second.address());
    return urls;
  }

  /// A broker that is not there.
  private static String nobody() {
    return "127.0.0.1:9";
  }

  private static Tower tower(Map<String, Object> changes) {
    return Tower.start(chain, TestKafka.bootstrapServers(), TestPostgres.freshDatabase(), changes);
  }
}
