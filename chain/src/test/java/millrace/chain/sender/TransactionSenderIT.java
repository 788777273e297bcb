package millrace.chain.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.chain.Hub;
import millrace.chain.TestStore;
import millrace.chain.contract.ContractCalls;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Rpc;
import millrace.contracts.HubVault;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;

class TransactionSenderIT {
  private static final SigningKey KEY = DevAccount.SETTLEMENT.key();
  private static final Gas GAS = new Gas.Estimated(500_000);

  private final TestStore store = TestStore.fresh();
  private final Journal journal = new Journal();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private DevChain chain;
  private Rpc rpc;
  private long firstNonce;

  @BeforeEach
  void startChain() {
    chain = TestChain.start();
    rpc = new Hub(chain).rpc();
    firstNonce = rpc.transactionCount(KEY.address(), BlockRef.LATEST);
  }

  @AfterEach
  void stopChain() {
    rpc.close();
    chain.close();
  }

  @Test
  void sendsWhatItIsAskedForAndReportsTheEndOnce() {
    var sender = sender(1);
    submit(sender, announce("a", 1));
    rounds(sender, 3);
    assertThat(journal.ended)
        .singleElement()
        .satisfies(
            end -> {
              assertThat(end.purpose()).isEqualTo(new Purpose("a"));
              assertThat(end.success()).isTrue();
              assertThat(end.gasUsed()).isPositive();
              assertThat(end.receipt().logs()).isNotEmpty();
            });
    assertThat(nonce()).isEqualTo(firstNonce + 1);
    assertThat(sender.status().sending()).isZero();
  }

  @Test
  void onePurposeIsOneTransaction() {
    var sender = sender(1);
    assertThat(submit(sender, announce("a", 1))).isTrue();
    assertThat(submit(sender, announce("a", 1))).isFalse();
    rounds(sender, 3);
    assertThat(submit(sender, announce("a", 1))).isFalse();
    rounds(sender, 3);
    assertThat(nonce()).isEqualTo(firstNonce + 1);
    assertThat(journal.ended).hasSize(1);
  }

  @Test
  void onePurposeCannotMeanTwoThings() {
    var sender = sender(1);
    submit(sender, announce("a", 1));
    assertThatThrownBy(() -> submit(sender, announce("a", 2)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsRolledBackIsNotSent() {
    var sender = sender(1);
    store
        .transactions()
        .executeWithoutResult(
            status -> {
              sender.submit(announce("a", 1));
              status.setRollbackOnly();
            });
    rounds(sender, 3);
    assertThat(nonce()).isEqualTo(firstNonce);
  }

  @Test
  void aRestartBetweenStoringAndSendingSendsTheSameBytes() {
    chain.setAutomine(false);
    var first = sender(1);
    submit(first, announce("a", 1));
    first.prepare();
    var second = sender(1);
    second.send();
    var third = sender(1);
    now = now.plus(Duration.ofMinutes(1));
    third.send();
    chain.mine(1);
    rounds(third, 2);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isTrue());
    assertThat(attempts()).isEqualTo(1);
    assertThat(nonce()).isEqualTo(firstNonce + 1);
  }

  @Test
  void whatWouldBeRevertedIsRefusedAndCostsNoNonce() {
    var sender = sender(1);
    submit(sender, announce("bad", 0));
    submit(sender, announce("good", 1));
    rounds(sender, 3);
    assertThat(journal.refused).containsExactly(new Purpose("bad"));
    assertThat(journal.ended)
        .extracting(FinalTransaction::purpose)
        .containsExactly(new Purpose("good"));
    assertThat(nonce()).isEqualTo(firstNonce + 1);
  }

  @Test
  void aRequestThatNeedsMoreGasThanAllowedIsRefused() {
    var sender = sender(1);
    var request = announce("a", 1);
    submit(
        sender,
        new TransactionRequest(
            request.purpose(), request.to(), request.data(), new Gas.Estimated(30_000)));
    rounds(sender, 2);
    assertThat(journal.refused).containsExactly(new Purpose("a"));
  }

  @Test
  void aTransactionThatIsRevertedInItsBlockIsReported() {
    chain.setAutomine(false);
    var sender = sender(1);
    submit(sender, announce("a", 1));
    sender.prepare();
    sender.send();
    // The deployer takes the right away in the same block, and pays more to be first.
    sendFrom(
        DevAccount.DEPLOYER.address(),
        chain.deployment().vault(),
        removePromiseKey(KEY.address()),
        "0x12a05f2000");
    chain.mine(1);
    rounds(sender, 2);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isFalse());
  }

  @Test
  void aTransactionThatNobodyMinesIsReplacedByOneThatOffersMore() {
    chain.setAutomine(false);
    var sender = sender(1);
    submit(sender, announce("a", 1));
    rounds(sender, 2);
    assertThat(attempts()).isEqualTo(1);
    now = now.plus(Duration.ofMinutes(2));
    rounds(sender, 2);
    assertThat(attempts()).isEqualTo(2);
    chain.mine(1);
    rounds(sender, 2);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isTrue());
    assertThat(nonce()).isEqualTo(firstNonce + 1);
    assertThat(dearer()).isTrue();
  }

  @Test
  void aTransactionThatTheNodeForgotIsSentAgain() {
    chain.setAutomine(false);
    var sender = sender(1);
    submit(sender, announce("a", 1));
    rounds(sender, 1);
    chain.dropTransaction(hash());
    now = now.plus(Duration.ofSeconds(20));
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(journal.ended).hasSize(1);
    assertThat(attempts()).isEqualTo(1);
  }

  @Test
  void aNonceThatSomebodyElseUsedIsReplacedByANewOne() {
    chain.setAutomine(false);
    var sender = sender(1);
    submit(sender, announce("a", 1));
    sender.prepare();
    sendFrom(KEY.address(), DevAccount.DEPLOYER.address(), Bytes.EMPTY, "0x12a05f2000");
    chain.mine(1);
    chain.setAutomine(true);
    rounds(sender, 5);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isTrue());
    assertThat(nonce()).isEqualTo(firstNonce + 2);
  }

  @Test
  void isNotOverBeforeTheBlockIsFinalAndStartsAgainWhenTheBlockIsGone() {
    var sender = sender(3);
    submit(sender, announce("a", 1));
    rounds(sender, 2);
    assertThat(journal.ended).isEmpty();
    chain.reorg(1);
    now = now.plus(Duration.ofSeconds(20));
    rounds(sender, 2);
    chain.mine(3);
    rounds(sender, 1);
    assertThat(journal.ended).singleElement().satisfies(end -> assertThat(end.success()).isTrue());
    assertThat(nonce()).isEqualTo(firstNonce + 1);
  }

  @Test
  void manyRequestsTakeConsecutiveNonces() {
    chain.setAutomine(false);
    var sender = sender(1);
    for (int i = 1; i <= 6; i++) submit(sender, announce("p" + i, i));
    rounds(sender, 1);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(journal.ended).hasSize(4);
    chain.mine(1);
    rounds(sender, 2);
    chain.mine(1);
    rounds(sender, 1);
    assertThat(journal.ended).hasSize(6);
    assertThat(nonce()).isEqualTo(firstNonce + 6);
  }

  private TransactionSender sender(int confirmations) {
    var settings =
        new SenderSettings(
            BigInteger.valueOf(chain.deployment().chainId()),
            confirmations,
            Duration.ofMillis(50),
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            BigInteger.TEN.pow(12),
            4);
    return new TransactionSender(
        rpc,
        store.jdbc(),
        store.transactions(),
        new LocalSigner(KEY),
        settings,
        journal,
        () -> now);
  }

  private boolean submit(TransactionSender sender, TransactionRequest request) {
    return Boolean.TRUE.equals(store.transactions().execute(_ -> sender.submit(request)));
  }

  private static void rounds(TransactionSender sender, int count) {
    for (int i = 0; i < count; i++) {
      sender.watch();
      sender.prepare();
      sender.send();
      sender.replace();
    }
  }

  /// Payee 0 is the zero address, which the vault refuses.
  private TransactionRequest announce(String purpose, int payee) {
    return new TransactionRequest(
        new Purpose(purpose),
        chain.deployment().vault(),
        ContractCalls.announcePayee(Address.of("0x%040x".formatted(payee))),
        GAS);
  }

  private static Bytes removePromiseKey(Address key) {
    var removal =
        new Function(
            HubVault.FUNC_REMOVEPROMISEKEY,
            List.of(new org.web3j.abi.datatypes.Address(key.toString())),
            List.of());
    return Bytes.of(FunctionEncoder.encode(removal));
  }

  private void sendFrom(Address from, Address to, Bytes data, String feeWei) {
    chain.rpc(
        "eth_sendTransaction",
        Map.of(
            "from",
            from.toString(),
            "to",
            to.toString(),
            "data",
            data.toString(),
            "gas",
            "0x30d40",
            "maxFeePerGas",
            feeWei,
            "maxPriorityFeePerGas",
            feeWei));
  }

  private long nonce() {
    return rpc.transactionCount(KEY.address(), BlockRef.LATEST);
  }

  private long attempts() {
    return store.jdbc().sql("SELECT count(*) FROM chain_attempt").query(Long.class).single();
  }

  private boolean dearer() {
    return store
        .jdbc()
        .sql(
            """
            SELECT b.max_fee_wei >= a.max_fee_wei * 1.125
               AND b.priority_fee_wei >= a.priority_fee_wei * 1.125
              FROM chain_attempt a JOIN chain_attempt b USING (transaction_id)
             WHERE a.number = 1 AND b.number = 2
            """)
        .query(Boolean.class)
        .single();
  }

  private String hash() {
    return "0x"
        + store
            .jdbc()
            .sql("SELECT encode(hash, 'hex') FROM chain_attempt")
            .query(String.class)
            .single();
  }

  private static final class Journal implements TransactionListener {
    final List<FinalTransaction> ended = new ArrayList<>();
    final List<Purpose> refused = new ArrayList<>();

    @Override
    public void onFinal(FinalTransaction transaction) {
      ended.add(transaction);
    }

    @Override
    public void onRefused(Purpose purpose, String reason, Bytes revertData) {
      refused.add(purpose);
    }
  }
}
