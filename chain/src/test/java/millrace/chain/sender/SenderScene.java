package millrace.chain.sender;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import millrace.chain.Hub;
import millrace.chain.TestStore;
import millrace.chain.contract.ContractCalls;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcSettings;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.testkit.FaultyNode;
import millrace.testkit.TestChain;

/// A chain, a database, and senders that take one step at a time by a clock the test moves.
final class SenderScene implements AutoCloseable {
  static final SigningKey KEY = DevAccount.SETTLEMENT.key();
  static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final Gas GAS = new Gas.Estimated(500_000);

  final TestStore store = TestStore.fresh();
  final Journal journal = new Journal();
  final DevChain chain = TestChain.start();
  final FaultyNode node = new FaultyNode(chain.rpcUrl());
  final Rpc rpc = new Hub(chain).rpc();
  final long firstNonce = rpc.transactionCount(KEY.address(), BlockRef.LATEST);
  private final List<Rpc> others = new ArrayList<>();
  volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  SenderSettings settings(int confirmations) {
    return settings(confirmations, BigInteger.TEN.pow(12), Duration.ofHours(1));
  }

  SenderSettings settings(int confirmations, BigInteger maxFeeWei, Duration lease) {
    return new SenderSettings(
        chainId(),
        confirmations,
        Duration.ofMillis(50),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        maxFeeWei,
        4,
        lease,
        BigInteger.TEN.pow(16));
  }

  /// The one that sends from now on; an earlier one is taken for dead.
  TransactionSender sender(int confirmations) {
    return sender(settings(confirmations));
  }

  TransactionSender sender(SenderSettings settings) {
    expireLease();
    var sender = sender(settings, rpc, new LocalSigner(KEY), journal);
    sender.lead();
    return sender;
  }

  TransactionSender sender(
      SenderSettings settings, Rpc by, TransactionSigner signer, TransactionListener listener) {
    return new TransactionSender(
        by, store.jdbc(), store.transactions(), signer, settings, listener, () -> now);
  }

  TransactionSender sender(BooleanSupplier mayBegin) {
    return new TransactionSender(
        rpc,
        store.jdbc(),
        store.transactions(),
        new LocalSigner(KEY),
        settings(1),
        journal,
        mayBegin,
        () -> now);
  }

  /// Through the node that can be made to fail.
  Rpc faultyRpc() {
    return faultyRpc(Duration.ofSeconds(60));
  }

  /// The same without patience.
  Rpc hastyRpc() {
    return faultyRpc(Duration.ofSeconds(3));
  }

  private Rpc faultyRpc(Duration timeout) {
    var settings = new RpcSettings(List.of(node.address()), chainId(), timeout, 1);
    var faulty = new Rpc(settings);
    others.add(faulty);
    return faulty;
  }

  void expireLease() {
    store.jdbc().sql("UPDATE chain_account SET held_until = '-infinity'").update();
  }

  boolean submit(TransactionSender sender, TransactionRequest request) {
    return Boolean.TRUE.equals(store.transactions().execute(_ -> sender.submit(request)));
  }

  static void rounds(TransactionSender sender, int count) {
    for (int i = 0; i < count; i++) sender.round();
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /// Payee 0 is the zero address, which the vault refuses.
  TransactionRequest announce(String purpose, int payee) {
    return new TransactionRequest(
        new Purpose(purpose),
        chain.deployment().vault(),
        ContractCalls.announcePayee(Address.of("0x%040x".formatted(payee))),
        GAS);
  }

  void sendFrom(Address from, Address to, Bytes data, String feeWei) {
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

  long nonce() {
    return rpc.transactionCount(KEY.address(), BlockRef.LATEST);
  }

  long attempts() {
    return store.jdbc().sql("SELECT count(*) FROM chain_attempt").query(Long.class).single();
  }

  /// Whether each version of a transaction offers an eighth more of both fees than the one before.
  boolean everyVersionIsDearer() {
    return store
        .jdbc()
        .sql(
            """
            SELECT coalesce(bool_and(b.max_fee_wei >= a.max_fee_wei * 1.125
                                 AND b.priority_fee_wei >= a.priority_fee_wei * 1.125
                                 AND b.nonce = a.nonce), true)
              FROM chain_attempt a JOIN chain_attempt b USING (transaction_id)
             WHERE b.number = a.number + 1
            """)
        .query(Boolean.class)
        .single();
  }

  String hash() {
    return "0x"
        + store
            .jdbc()
            .sql("SELECT encode(hash, 'hex') FROM chain_attempt")
            .query(String.class)
            .single();
  }

  private BigInteger chainId() {
    return BigInteger.valueOf(chain.deployment().chainId());
  }

  @Override
  public void close() {
    others.forEach(Rpc::close);
    rpc.close();
    node.close();
    chain.close();
  }

  /// What senders told.
  static final class Journal implements TransactionListener {
    final List<FinalTransaction> ended = new ArrayList<>();
    final List<Purpose> refused = new ArrayList<>();

    @Override
    public synchronized void onFinal(FinalTransaction transaction) {
      ended.add(transaction);
    }

    @Override
    public synchronized void onRefused(Purpose purpose, String reason, Bytes revertData) {
      refused.add(purpose);
    }
  }
}
