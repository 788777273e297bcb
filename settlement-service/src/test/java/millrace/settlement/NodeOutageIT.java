package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import millrace.chain.contract.ContractCalls;
import millrace.chain.rpc.Bytes;
import millrace.embedded.DevAccount;
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

/// A node that hangs, lies, lags or loses things, and a service that dies at a bad moment: money
/// comes late, and never twice or not at all.
class NodeOutageIT {
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
                "millrace.chain.confirmations", 2,
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
    var authorized = flow.deposit(alice, 30_000);
    rig.await("a worker hangs", () -> node.count("eth_call") > 0);
    node.heal();
    flow.awaitDeposit(authorized);
    assertThat(flow.confirmations(authorized)).hasSize(1);
  }

  @Test
  void aNodeThatLagsDelaysAConfirmationAndDeniesNothing() {
    var alice = flow.payer(30_000);
    node.freezeAt(chain.blockNumber());
    var authorized = flow.deposit(alice, 30_000);
    rig.await("it is mined", () -> chain.tokenBalance(alice.key().address()).isZero());
    chain.mine(5);
    node.heal();
    flow.awaitDeposit(authorized);
    assertThat(flow.confirmations(authorized)).hasSize(1);
  }

  @Test
  void aTransactionThatTheNodeTakesAndLosesIsSentUntilItIsMined() {
    var alice = flow.payer(30_000);
    node.on(
        "eth_sendRawTransaction",
        (request, _) -> FaultyNode.result(request, FaultyNode.text("0x" + "00".repeat(32))));
    long before = node.count("eth_sendRawTransaction");
    var authorized = flow.deposit(alice, 30_000);
    rig.await("it was sent twice", () -> node.count("eth_sendRawTransaction") >= before + 2);
    assertThat(chain.tokenBalance(alice.key().address())).isEqualTo(Amount.of(30_000));
    node.heal();
    flow.awaitDeposit(authorized);
    assertThat(chain.tokenBalance(alice.key().address())).isEqualTo(Amount.ZERO);
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

  @Test
  void aForeignNonceAtDepositClaimAndPayoutCostsANonceAndNothingElse() {
    var alice = flow.payer(40_000);
    var merchant = Flow.newMerchant();
    refuseTransactions();
    var authorized = flow.deposit(alice, 40_000);
    takeTheNonceOf("deposit");
    flow.awaitDeposit(authorized);

    refuseTransactions();
    rig.publish(alice.pay(20_000));
    takeTheNonceOf("claim");
    flow.awaitClaim(alice);

    var payout = flow.payout(merchant, 5_000);
    flow.await("the payee is known", () -> flow.transactions("announce") > 0);
    flow.awaitPayout(payout);
    refuseTransactions();
    var second = flow.payout(merchant, 2_000);
    takeTheNonceOf("credit");
    flow.awaitPayout(second);

    assertThat(chain.tokenBalance(merchant)).isEqualTo(Amount.of(7_000));
    assertThat(flow.confirmations(authorized)).hasSize(1);
    assertThat(flow.claims(alice)).hasSize(1);
    assertThat(flow.payments(second)).hasSize(1);
  }

  @Test
  void aDeathBetweenStoringAndSendingAtDepositClaimAndPayoutLosesNothingAndDoublesNothing() {
    crashAtEveryStep(this::refuseTransactions);
  }

  @Test
  void aDeathBetweenSendingAndTheReceiptAtDepositClaimAndPayoutLosesNothingAndDoublesNothing() {
    crashAtEveryStep(() -> node.lie("eth_getTransactionReceipt", _ -> FaultyNode.nothing()));
  }

  /// The service ends while the fault lasts, and another one begins after it.
  private void crashAtEveryStep(Runnable fault) {
    var alice = flow.payer(40_000);
    var merchant = Flow.newMerchant();
    long claims = flow.transactions("claim");

    fault.run();
    var authorized = flow.deposit(alice, 40_000);
    crashOnceSigned("deposit");
    flow.awaitDeposit(authorized);

    fault.run();
    rig.publish(alice.pay(20_000));
    crashOnceSigned("claim");
    flow.awaitClaim(alice);

    var first = flow.payout(merchant, 5_000);
    flow.awaitPayout(first);
    fault.run();
    var second = flow.payout(merchant, 2_000);
    crashOnceSigned("credit");
    flow.awaitPayout(second);

    assertThat(chain.tokenBalance(alice.key().address())).isEqualTo(Amount.ZERO);
    assertThat(chain.tokenBalance(merchant)).isEqualTo(Amount.of(7_000));
    assertThat(flow.confirmations(authorized)).hasSize(1);
    assertThat(flow.claims(alice)).hasSize(1);
    assertThat(flow.transactions("claim")).isEqualTo(claims + 1);
    assertThat(flow.payments(second)).hasSize(1);
  }

  private void crashOnceSigned(String kind) {
    flow.await("it is signed", () -> openAndSigned(kind));
    rig.stop();
    node.heal();
    rig.start();
  }

  private void refuseTransactions() {
    node.on(
        "eth_sendRawTransaction", (request, _) -> FaultyNode.error(request, "try another time"));
  }

  /// Somebody else has the key, too, and is faster.
  private void takeTheNonceOf(String kind) {
    flow.await("it is signed", () -> openAndSigned(kind));
    rig.send(DevAccount.SETTLEMENT.address(), DevAccount.DEPLOYER.address(), Bytes.EMPTY);
    node.heal();
  }

  private static boolean openAndSigned(String kind) {
    return rig.jdbc()
            .sql(
                """
                SELECT count(*)
                  FROM chain_transaction t JOIN chain_attempt a ON a.transaction_id = t.id
                 WHERE t.purpose LIKE :kind || '/%' AND t.state = 'SENDING' AND a.raw IS NOT NULL
                """)
            .param("kind", kind)
            .query(Long.class)
            .single()
        > 0;
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
