package millrace.chain.rpc;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A chain's nodes, asked in the protocol's types. Every method may throw [RpcUnavailable] when
/// no node answers and [RpcFault] when one answers with an error it has no better name for.
public final class Rpc implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rpc.class);
  private static final int REVERTED = 3;
  private static final BigInteger LEAST_PRIORITY_FEE = BigInteger.valueOf(1_000_000);

  private final Endpoints endpoints;

  public Rpc(RpcSettings settings) {
    endpoints = new Endpoints(settings);
  }

  private Rpc(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /// Each node by itself, for questions in which one honest node among liars must be heard. They
  /// end with this one.
  public List<Rpc> each() {
    return endpoints.each().stream().map(Rpc::new).toList();
  }

  /// To be called once at start. Nodes that do not answer yet are verified before their first use.
  ///
  /// @throws WrongChain when a node follows another chain
  public void verifyChain() {
    endpoints.verify();
  }

  public BlockHeader head() {
    return ask(header("latest", _ -> true))
        .orElseThrow(() -> new RpcUnavailable("the node has no block"));
  }

  public Optional<BlockHeader> block(long number) {
    return ask(headerAt(number));
  }

  public Optional<BlockHeader> block(Bytes32 hash) {
    var invocation = new Invocation("eth_getBlockByHash", hash.toString(), false);
    return ask(new Question<>(invocation, a -> checked(a, header -> header.hash().equals(hash))));
  }

  /// The blocks from one number to another as far as the node has them, in order. They may belong
  /// to different forks: the caller checks that each names its parent.
  public List<BlockHeader> blocks(long first, long last) {
    var questions = LongStream.rangeClosed(first, last).mapToObj(Rpc::headerAt).toList();
    var headers = new ArrayList<BlockHeader>();
    for (var header : endpoints.askAll(questions)) {
      if (header.isEmpty()) break;
      headers.add(header.get());
    }
    return headers;
  }

  /// Whether the nodes agree that this block is in the chain. With one node there is nothing to
  /// compare.
  public boolean agreeOn(BlockId block) {
    return endpoints.agreeOn(block);
  }

  /// How the nodes stand to each other.
  public Agreement agreement() {
    return endpoints.agreement();
  }

  /// What the contracts emitted in each of the blocks, in their order. Asked by hash, so that a
  /// node on another fork answers with an error and not with another block's logs.
  ///
  /// A node that has the block but not its logs would hide a withdrawal: where the header's bloom
  /// filter contradicts an empty answer, the receipts decide.
  public List<List<ContractLog>> logs(List<BlockHeader> blocks, Collection<Address> contracts) {
    var questions = blocks.stream().map(block -> logsOf(block, contracts)).toList();
    var found = new ArrayList<>(endpoints.askAll(questions));
    for (int i = 0; i < blocks.size(); i++) {
      var bloom = blocks.get(i).bloom();
      if (found.get(i).isEmpty() && contracts.stream().anyMatch(bloom::mayContain)) {
        found.set(i, logsByReceipts(blocks.get(i), contracts));
      }
    }
    return found;
  }

  private static Question<List<ContractLog>> logsOf(
      BlockHeader block, Collection<Address> contracts) {
    var filter =
        Map.of(
            "blockHash",
            block.hash().toString(),
            "address",
            contracts.stream().map(Address::toString).toList());
    return new Question<>(
        new Invocation("eth_getLogs", filter),
        answer -> {
          var logs = RpcJson.logs(answer.orThrow());
          for (var log : logs) {
            if (!log.blockHash().equals(block.hash()) || !contracts.contains(log.contract())) {
              throw new RpcUnavailable("the node told logs that were not asked for");
            }
          }
          return inOrder(logs);
        });
  }

  /// As the block has them, each once, whatever the node makes of it.
  private static List<ContractLog> inOrder(List<ContractLog> logs) {
    var byIndex = new TreeMap<Integer, ContractLog>();
    for (var log : logs) byIndex.putIfAbsent(log.logIndex(), log);
    return List.copyOf(byIndex.values());
  }

  private List<ContractLog> logsByReceipts(BlockHeader block, Collection<Address> contracts) {
    var at = Map.of("blockHash", block.hash().toString());
    var receipts =
        ask(
            new Question<>(
                new Invocation("eth_getBlockReceipts", at),
                answer ->
                    switch (answer) {
                      case Answer.Result(var value) -> RpcJson.receiptsOfBlock(value, block.hash());
                      // Not every node has the method; then its logs must do.
                      case Answer.Fault(var fault) -> {
                        LOG.debug("no receipts of {}", block.id(), fault);
                        yield List.<Receipt>of();
                      }
                    }));
    var logs =
        receipts.stream()
            .flatMap(receipt -> receipt.logs().stream())
            .filter(log -> contracts.contains(log.contract()))
            .toList();
    if (!logs.isEmpty()) {
      LOG.warn("a node left {} logs of block {} out", logs.size(), block.number());
    }
    return logs;
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
    return ask(
        new Question<>(
            new Invocation("eth_getLogs", filter), answer -> RpcJson.logs(answer.orThrow())));
  }

  public CallResult call(Call call, BlockRef at) {
    return callAll(List.of(call), at).getFirst();
  }

  /// Results in the order of the calls.
  public List<CallResult> callAll(List<Call> calls, BlockRef at) {
    return endpoints.askAll(
        calls.stream()
            .map(
                call ->
                    new Question<>(
                        new Invocation("eth_call", parameters(call), at.parameter()),
                        Rpc::callResult))
            .toList());
  }

  /// How many transactions of the account are in the chain at that block: its next nonce.
  public long transactionCount(Address account, BlockRef at) {
    return quantity("eth_getTransactionCount", account.toString(), at.parameter()).longValueExact();
  }

  /// The transaction that an account sent under a nonce, if it is in that block.
  public Optional<Bytes32> transactionIn(long block, Address sender, long nonce) {
    var invocation = new Invocation("eth_getBlockByNumber", Quantity.encode(block), true);
    return ask(
        new Question<>(invocation, answer -> RpcJson.transaction(answer.orThrow(), sender, nonce)));
  }

  /// In wei, at the newest block.
  public BigInteger balance(Address account) {
    return quantity("eth_getBalance", account.toString(), "latest");
  }

  /// @throws RpcFault when the transaction would be reverted
  public long estimateGas(Call call) {
    return quantity("eth_estimateGas", parameters(call)).longValueExact();
  }

  /// Enough for the next blocks even if each is full: twice the base fee and what nodes suggest
  /// as priority fee.
  public Fees suggestedFees() {
    var priority = suggestedPriorityFee().max(LEAST_PRIORITY_FEE);
    return new Fees(head().baseFeeWei().shiftLeft(1).add(priority), priority);
  }

  /// All nodes hear of it; the answer is that of the first that gives one.
  public Broadcast broadcast(Bytes rawTransaction) {
    return endpoints.tellAll(
        new Question<>(
            new Invocation("eth_sendRawTransaction", rawTransaction.toString()),
            answer ->
                switch (answer) {
                  case Answer.Result _ -> new Broadcast.Taken();
                  case Answer.Fault(var fault) -> refused(String.valueOf(fault.getMessage()));
                }));
  }

  public Optional<Receipt> receipt(Bytes32 transaction) {
    return receipts(List.of(transaction)).getFirst();
  }

  /// Empty where the node knows no block with that transaction.
  public List<Optional<Receipt>> receipts(List<Bytes32> transactions) {
    return endpoints.askAll(transactions.stream().map(Rpc::receiptOf).toList());
  }

  private static Question<Optional<Receipt>> receiptOf(Bytes32 transaction) {
    return new Question<>(
        new Invocation("eth_getTransactionReceipt", transaction.toString()),
        answer -> {
          var receipt = RpcJson.receipt(answer.orThrow());
          if (receipt.map(found -> !found.transaction().equals(transaction)).orElse(false)) {
            throw new RpcUnavailable("the node told another transaction's receipt");
          }
          return receipt;
        });
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
    if (text.contains("insufficient funds")) return new Broadcast.NoFunds(message);
    return new Broadcast.Refused(message);
  }

  private BigInteger suggestedPriorityFee() {
    return ask(
        new Question<>(
            new Invocation("eth_maxPriorityFeePerGas"),
            answer ->
                switch (answer) {
                  case Answer.Result(var value) -> Quantity.decode(value.asString());
                  case Answer.Fault _ -> LEAST_PRIORITY_FEE; // Not every chain has the method.
                }));
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

  private static Question<Optional<BlockHeader>> headerAt(long number) {
    return header(Quantity.encode(number), header -> header.number() == number);
  }

  private static Question<Optional<BlockHeader>> header(
      String block, Predicate<BlockHeader> condition) {
    return new Question<>(
        new Invocation("eth_getBlockByNumber", block, false), a -> checked(a, condition));
  }

  private static Optional<BlockHeader> checked(Answer answer, Predicate<BlockHeader> condition) {
    var header = RpcJson.header(answer.orThrow());
    if (header.filter(condition).isEmpty() && header.isPresent()) {
      throw new RpcUnavailable("the node told another block than it was asked for");
    }
    return header;
  }

  private BigInteger quantity(String method, Object... parameters) {
    return ask(
        new Question<>(
            new Invocation(method, parameters),
            answer -> Quantity.decode(answer.orThrow().asString())));
  }

  private <T> T ask(Question<T> question) {
    return endpoints.ask(question);
  }
}
