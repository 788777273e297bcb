package millrace.chain.sender;

import static millrace.chain.sender.SenderScene.GWEI;
import static millrace.chain.sender.SenderScene.KEY;
import static millrace.chain.sender.SenderScene.rounds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.RpcUnavailable;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.testkit.FaultyNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What the chain, its nodes and other holders of a key can do to a sender.
class SenderFaultsIT {
  private static final String DEAR = "0x12a05f2000";

  private final SenderScene scene = new SenderScene();
  private final DevChain chain = scene.chain;

  @AfterEach
  void end() {
    scene.close();
  }

  @Test
  void aTransactionStuckUnderARisingBaseFeeOffersMoreUnderItsNonceUntilItIsMined() {
    chain.setAutomine(false);
    var sender = scene.sender(1);
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 1);
    for (int gwei : new int[] {20, 90, 200}) {
      mineAt(gwei);
      rounds(sender, 2);
      assertThat(scene.journal.ended).isEmpty();
      chain.setNextBlockBaseFee(GWEI.multiply(BigInteger.valueOf(gwei)));
      scene.pass(Duration.ofSeconds(61));
      rounds(sender, 2);
    }
    chain.mine(1);
    rounds(sender, 1);
    assertThat(scene.journal.ended)
        .singleElement()
        .satisfies(e -> assertThat(e.success()).isTrue());
    assertThat(scene.attempts()).isEqualTo(4);
    assertThat(scene.everyVersionIsDearer()).isTrue();
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void atTheCapItKeepsSendingTheLastOfferRaisesTheAlarmAndEndsWhenFeesFall() {
    chain.setAutomine(false);
    var settings = scene.settings(1, GWEI.multiply(BigInteger.valueOf(5)), Duration.ofHours(1));
    scene.expireLease();
    var sender = scene.sender(settings, scene.faultyRpc(), new LocalSigner(KEY), scene.journal);
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 1);
    mineAt(50);
    for (int i = 0; i < 5; i++) {
      chain.setNextBlockBaseFee(GWEI.multiply(BigInteger.valueOf(50)));
      scene.pass(Duration.ofSeconds(61));
      rounds(sender, 2);
    }
    assertThat(sender.hasTrouble(Trouble.AT_FEE_CAP)).isTrue();
    assertThat(sender.status().sending()).isEqualTo(1);
    long offers = scene.attempts();
    long sent = scene.node.count("eth_sendRawTransaction");
    scene.pass(Duration.ofSeconds(61));
    rounds(sender, 2);
    assertThat(scene.attempts()).isEqualTo(offers);
    assertThat(scene.node.count("eth_sendRawTransaction")).isGreaterThan(sent);
    chain.setNextBlockBaseFee(GWEI);
    chain.mine(1);
    chain.setNextBlockBaseFee(GWEI);
    scene.pass(Duration.ofSeconds(16));
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 2);
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(sender.hasTrouble(Trouble.AT_FEE_CAP)).isFalse();
  }

  @Test
  void aRequestThatCannotBePaidForWaitsAndGoesOutWhenTheMoneyComes() {
    var sender = scene.sender(1);
    chain.setBalance(KEY.address(), BigInteger.valueOf(1_000_000));
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 3);
    assertThat(sender.status().troubles()).contains(Trouble.OUT_OF_FUNDS, Trouble.LOW_RESERVE);
    assertThat(sender.status().waiting()).isEqualTo(1);
    assertThat(scene.journal.refused).isEmpty();
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce);
    chain.setBalance(KEY.address(), BigInteger.TEN.pow(18));
    scene.pass(Duration.ofSeconds(31));
    rounds(sender, 2);
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(sender.status().troubles()).isEmpty();
  }

  @Test
  void whatWasSignedBeforeTheMoneyRanOutIsNotGivenUpEither() {
    chain.setAutomine(false);
    var sender = scene.sender(1);
    scene.submit(sender, scene.announce("a", 1));
    sender.prepare();
    chain.setBalance(KEY.address(), BigInteger.ONE);
    sender.send();
    assertThat(sender.hasTrouble(Trouble.OUT_OF_FUNDS)).isTrue();
    chain.setBalance(KEY.address(), BigInteger.TEN.pow(18));
    scene.pass(Duration.ofSeconds(16));
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(sender.hasTrouble(Trouble.OUT_OF_FUNDS)).isFalse();
  }

  @Test
  void aRestartBetweenSendingAndTheReceiptFindsTheReceiptAndSendsNothing() {
    var first = scene.sender(1);
    scene.submit(first, scene.announce("a", 1));
    first.prepare();
    first.send();
    scene.expireLease();
    var second =
        scene.sender(scene.settings(1), scene.faultyRpc(), new LocalSigner(KEY), scene.journal);
    scene.pass(Duration.ofSeconds(61));
    rounds(second, 2);
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(scene.node.count("eth_sendRawTransaction")).isZero();
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void aTransactionThatReachedTheNodeThoughItsAnswerWasLostIsNotDoneTwice() {
    scene.node.on(
        "eth_sendRawTransaction",
        (request, node) -> {
          var lost = node.apply(request);
          assertThat(lost.has("result")).isTrue();
          return FaultyNode.error(request, "internal error");
        });
    var sender =
        scene.sender(scene.settings(1), scene.faultyRpc(), new LocalSigner(KEY), scene.journal);
    sender.lead();
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 3);
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void aNonceIsNotGivenAwayWhileNobodyElseIsSeenToHaveUsedIt() {
    scene.node.lie("eth_getTransactionReceipt", _ -> FaultyNode.nothing());
    var sender =
        scene.sender(scene.settings(1), scene.faultyRpc(), new LocalSigner(KEY), scene.journal);
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 5);
    scene.pass(Duration.ofSeconds(61));
    rounds(sender, 5);
    assertThat(scene.journal.ended).isEmpty();
    assertThat(scene.attempts()).isEqualTo(1);
    assertThat(sender.hasTrouble(Trouble.FOREIGN_TRANSACTION)).isFalse();
    scene.node.heal();
    rounds(sender, 1);
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void aNonceIsNotGivenAwayWhileTheNodeCannotLookBackToWhoUsedIt() {
    scene.node.lie("eth_getTransactionReceipt", _ -> FaultyNode.nothing());
    scene.node.on(
        "eth_getTransactionCount",
        (request, real) -> {
          var block = request.path("params").path(1).asString("");
          boolean isPast = block.startsWith("0x") && Long.decode(block) < chain.blockNumber();
          return isPast ? FaultyNode.error(request, "missing trie node") : real.apply(request);
        });
    var sender =
        scene.sender(scene.settings(1), scene.faultyRpc(), new LocalSigner(KEY), scene.journal);
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 5);
    assertThat(scene.journal.ended).isEmpty();
    assertThat(scene.attempts()).isEqualTo(1);
    scene.node.heal();
    rounds(sender, 1);
    assertThat(scene.journal.ended).hasSize(1);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 1);
  }

  @Test
  void aForeignTransactionIsReportedAndTheRequestGetsAnotherNonce() {
    chain.setAutomine(false);
    var sender = scene.sender(1);
    scene.submit(sender, scene.announce("a", 1));
    sender.prepare();
    scene.sendFrom(KEY.address(), DevAccount.DEPLOYER.address(), Bytes.EMPTY, DEAR);
    chain.mine(1);
    chain.setAutomine(true);
    chain.mine(40);
    rounds(sender, 3);
    assertThat(sender.hasTrouble(Trouble.FOREIGN_TRANSACTION)).isTrue();
    assertThat(scene.journal.ended)
        .singleElement()
        .satisfies(e -> assertThat(e.success()).isTrue());
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 2);
  }

  @Test
  void thatAStrangerHasTheKeyIsToldForAnHourAcrossRestartsAndNoLonger() {
    var sender = scene.sender(1);
    chain.setAutomine(false);
    scene.submit(sender, scene.announce("a", 1));
    sender.prepare();
    scene.sendFrom(KEY.address(), DevAccount.DEPLOYER.address(), Bytes.EMPTY, DEAR);
    chain.mine(1);
    chain.setAutomine(true);
    rounds(sender, 3);
    assertThat(scene.journal.ended).hasSize(1);
    scene.pass(Duration.ofMinutes(59));
    var next = scene.sender(1);
    rounds(next, 1);
    assertThat(next.status().troubles()).containsExactly(Trouble.FOREIGN_TRANSACTION);
    scene.pass(Duration.ofMinutes(2));
    rounds(next, 1);
    assertThat(next.status().troubles()).isEmpty();
  }

  @Test
  void nothingGetsANonceWhileNothingMayBeginButWhatHasOneGoesOn() {
    chain.setAutomine(false);
    var mayBegin = new AtomicBoolean(true);
    scene.expireLease();
    var sender = scene.sender(mayBegin::get);
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 1);
    mayBegin.set(false);
    scene.submit(sender, scene.announce("b", 2));
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 2);
    assertThat(scene.journal.ended).extracting(e -> e.purpose().value()).containsExactly("a");
    assertThat(sender.status().waiting()).isEqualTo(1);
    mayBegin.set(true);
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(scene.journal.ended).extracting(e -> e.purpose().value()).containsExactly("a", "b");
  }

  @Test
  void aNonceThatAStrangerReservedAndDroppedIsFilledSoThatOursGoesOn() {
    chain.setAutomine(false);
    var sender = scene.sender(1);
    scene.sendFrom(KEY.address(), DevAccount.DEPLOYER.address(), Bytes.EMPTY, DEAR);
    scene.submit(sender, scene.announce("a", 1));
    sender.prepare();
    chain.rpc("anvil_dropAllTransactions");
    sender.send();
    chain.mine(1);
    rounds(sender, 1);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce);
    scene.pass(Duration.ofSeconds(61));
    rounds(sender, 2);
    chain.mine(1);
    scene.pass(Duration.ofSeconds(16));
    rounds(sender, 2);
    chain.mine(1);
    rounds(sender, 2);
    assertThat(scene.journal.ended).extracting(e -> e.purpose().value()).containsExactly("a");
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 2);
    assertThat(sender.status().sending()).isZero();
  }

  @Test
  void whatADeepReorganisationTookAwayGoesOutAgainWithTheNextTransaction() {
    var sender = scene.sender(1);
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 2);
    assertThat(scene.journal.ended).hasSize(1);
    chain.reorg(1);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce);
    scene.submit(sender, scene.announce("b", 2));
    rounds(sender, 1);
    scene.pass(Duration.ofSeconds(61));
    rounds(sender, 3);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 2);
    assertThat(scene.journal.ended).extracting(e -> e.purpose().value()).containsExactly("a", "b");
    assertThat(scene.attempts()).isEqualTo(2);
  }

  @Test
  void aReceiptOfABlockThatIsNotInTheChainCountsForNothing() {
    scene.node.lie(
        "eth_getTransactionReceipt",
        receipt -> ((ObjectNode) receipt).put("blockHash", "0x" + "ab".repeat(32)));
    var sender =
        scene.sender(scene.settings(1), scene.faultyRpc(), new LocalSigner(KEY), scene.journal);
    scene.submit(sender, scene.announce("a", 1));
    rounds(sender, 3);
    assertThat(scene.journal.ended).isEmpty();
    scene.node.heal();
    rounds(sender, 1);
    assertThat(scene.journal.ended).hasSize(1);
  }

  @Test
  void severalAccountsSendSideBySide() {
    var one = scene.sender(1);
    var deployer = DevAccount.DEPLOYER.key();
    var other =
        scene.sender(scene.settings(1), scene.rpc, new LocalSigner(deployer), scene.journal);
    long otherNonce = scene.rpc.transactionCount(deployer.address(), BlockRef.LATEST);
    for (int i = 1; i <= 3; i++) {
      scene.submit(one, scene.announce("one/" + i, i));
      scene.submit(other, scene.announce("other/" + i, 10 + i));
    }
    for (int i = 0; i < 4; i++) {
      rounds(one, 1);
      rounds(other, 1);
    }
    assertThat(scene.journal.ended).hasSize(6).allMatch(FinalTransaction::success);
    assertThat(scene.nonce()).isEqualTo(scene.firstNonce + 3);
    assertThat(scene.rpc.transactionCount(deployer.address(), BlockRef.LATEST))
        .isEqualTo(otherNonce + 3);
  }

  @Test
  void aNodeThatHangsDelaysEverythingAndLosesNothing() {
    var sender =
        scene.sender(scene.settings(1), scene.hastyRpc(), new LocalSigner(KEY), scene.journal);
    scene.submit(sender, scene.announce("a", 1));
    scene.node.stall();
    assertThatThrownBy(sender::round).isInstanceOf(RpcUnavailable.class);
    scene.node.heal();
    rounds(sender, 2);
    assertThat(scene.journal.ended).hasSize(1);
  }

  /// A block at that base fee, as if the chain were full.
  private void mineAt(int gwei) {
    chain.setNextBlockBaseFee(GWEI.multiply(BigInteger.valueOf(gwei)));
    chain.mine(1);
  }
}
