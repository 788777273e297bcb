package millrace.chain.rpc;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import tools.jackson.databind.JsonNode;

/// A chain's nodes, asked in the protocol's types. Every method may throw [RpcUnavailable] when
/// no node answers and [RpcFault] when one answers with an error it has no better name for.
public final class Rpc implements AutoCloseable {
  private static final int REVERTED = 3;
  private static final BigInteger LEAST_PRIORITY_FEE = BigInteger.valueOf(1_000_000);

  private final Endpoints endpoints;

  public Rpc(RpcSettings settings) {
    endpoints = new Endpoints(settings);
  }

  /// To be called once at start. Nodes that do not answer yet are verified before their first use.
  ///
  /// @throws WrongChain when a node follows another chain
  public void verifyChain() {
    endpoints.verify();
  }

  public BlockHeader head() {
    return RpcJson.header(ask("eth_getBlockByNumber", "latest", false))
        .orElseThrow(() -> new RpcUnavailable("the node has no block"));
  }

  public Optional<BlockHeader> block(long number) {
    return RpcJson.header(ask("eth_getBlockByNumber", Quantity.encode(number), false));
  }

  public Optional<BlockHeader> block(Bytes32 hash) {
    return RpcJson.header(ask("eth_getBlockByHash", hash.toString(), false));
  }

  /// The blocks from one number to another as far as the node has them, in order. They may belong
  /// to different forks: the caller checks that each names its parent.
  public List<BlockHeader> blocks(long first, long last) {
    var invocations = new ArrayList<Invocation>();
    for (long number = first; number <= last; number++) {
      invocations.add(new Invocation("eth_getBlockByNumber", Quantity.encode(number), false));
    }
    var headers = new ArrayList<BlockHeader>();
    for (var answer : endpoints.askAll(invocations)) {
      var header = RpcJson.header(answer.orThrow());
      if (header.isEmpty()) break;
      headers.add(header.get());
    }
    return headers;
  }

  /// What the contracts emitted in one block. Asked by hash, so that a node on another fork
  /// answers with an error and not with another block's logs.
  public List<ContractLog> logs(Bytes32 blockHash, Collection<Address> contracts) {
    return logs(List.of(blockHash), contracts).getFirst();
  }

  /// The same for several blocks, in their order.
  public List<List<ContractLog>> logs(List<Bytes32> blockHashes, Collection<Address> contracts) {
    var addresses = contracts.stream().map(Address::toString).toList();
    var invocations =
        blockHashes.stream()
            .map(
                hash ->
                    new Invocation(
                        "eth_getLogs", Map.of("blockHash", hash.toString(), "address", addresses)))
            .toList();
    return endpoints.askAll(invocations).stream()
        .map(answer -> RpcJson.logs(answer.orThrow()))
        .toList();
  }

  /// Logs of a contract over a range of blocks whose first topics are these. For looking back: it
  /// asks by number, so the range must be final.
  public List<ContractLog> logs(
      long firstBlock, long lastBlock, Address contract, List<Bytes32> topics) {
    var filter = new LinkedHashMap<String, Object>();
    filter.put("fromBlock", Quantity.encode(firstBlock));
    filter.put("toBlock", Quantity.encode(lastBlock));
    filter.put("address", contract.toString());
    filter.put("topics", topics.stream().map(Bytes32::toString).toList());
    return RpcJson.logs(ask("eth_getLogs", filter));
  }

  public CallResult call(Call call, BlockRef at) {
    return callAll(List.of(call), at).getFirst();
  }

  /// Results in the order of the calls.
  public List<CallResult> callAll(List<Call> calls, BlockRef at) {
    var invocations =
        calls.stream()
            .map(call -> new Invocation("eth_call", parameters(call), at.parameter()))
            .toList();
    return endpoints.askAll(invocations).stream().map(Rpc::callResult).toList();
  }

  /// How many transactions of the account are in the chain at that block: its next nonce.
  public long transactionCount(Address account, BlockRef at) {
    var count = ask("eth_getTransactionCount", account.toString(), at.parameter());
    return Quantity.decodeLong(count.asString());
  }

  /// In wei, at the newest block.
  public BigInteger balance(Address account) {
    return Quantity.decode(ask("eth_getBalance", account.toString(), "latest").asString());
  }

  /// @throws RpcFault when the transaction would be reverted
  public long estimateGas(Call call) {
    return Quantity.decodeLong(ask("eth_estimateGas", parameters(call)).asString());
  }

  /// Enough for the next blocks even if each is full: twice the base fee and what nodes suggest
  /// as priority fee.
  public Fees suggestedFees() {
    var priority = suggestedPriorityFee().max(LEAST_PRIORITY_FEE);
    return new Fees(head().baseFeeWei().shiftLeft(1).add(priority), priority);
  }

  public Broadcast broadcast(Bytes rawTransaction) {
    var answer = endpoints.ask(new Invocation("eth_sendRawTransaction", rawTransaction.toString()));
    return switch (answer) {
      case Answer.Result _ -> new Broadcast.Taken();
      case Answer.Fault(var fault) -> refused(String.valueOf(fault.getMessage()));
    };
  }

  public Optional<Receipt> receipt(Bytes32 transaction) {
    return receipts(List.of(transaction)).getFirst();
  }

  /// Empty where the node knows no block with that transaction.
  public List<Optional<Receipt>> receipts(List<Bytes32> transactions) {
    var invocations =
        transactions.stream()
            .map(hash -> new Invocation("eth_getTransactionReceipt", hash.toString()))
            .toList();
    return endpoints.askAll(invocations).stream()
        .map(answer -> RpcJson.receipt(answer.orThrow()))
        .toList();
  }

  @Override
  public void close() {
    endpoints.close();
  }

  /// Nodes agree on the reasons but not on the words.
  private static Broadcast refused(String message) {
    var text = message.toLowerCase(Locale.ROOT);
    if (text.contains("already known")
        || text.contains("already imported")
        || text.contains("known transaction")) {
      return new Broadcast.Taken();
    }
    if (text.contains("nonce too low") || text.contains("nonce is too low")) {
      return new Broadcast.NonceUsed(message);
    }
    return new Broadcast.Refused(message);
  }

  private BigInteger suggestedPriorityFee() {
    return switch (endpoints.ask(new Invocation("eth_maxPriorityFeePerGas"))) {
      case Answer.Result(var value) -> Quantity.decode(value.asString());
      case Answer.Fault _ -> LEAST_PRIORITY_FEE; // Not every chain has the method.
    };
  }

  private static CallResult callResult(Answer answer) {
    return switch (answer) {
      case Answer.Result(var value) -> new CallResult.Returned(Bytes.of(value.asString()));
      case Answer.Fault(var fault) -> {
        if (!isRevert(fault)) throw fault;
        yield new CallResult.Reverted(String.valueOf(fault.getMessage()), fault.data());
      }
    };
  }

  /// Whether the contract said no, and not the node.
  public static boolean isRevert(RpcFault fault) {
    return fault.code() == REVERTED
        || String.valueOf(fault.getMessage()).toLowerCase(Locale.ROOT).contains("revert");
  }

  private static Map<String, Object> parameters(Call call) {
    var parameters = new LinkedHashMap<String, Object>();
    call.from().ifPresent(from -> parameters.put("from", from.toString()));
    parameters.put("to", call.to().toString());
    parameters.put("data", call.data().toString());
    return parameters;
  }

  private JsonNode ask(String method, Object... parameters) {
    return endpoints.ask(new Invocation(method, parameters)).orThrow();
  }
}
