package millrace.settlement.deposit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.chain.contract.ContractEvent;
import millrace.chain.contract.ContractEvent.Deposited;
import millrace.chain.contract.ContractEvents;
import millrace.chain.rpc.ContractLog;
import millrace.chain.rpc.Receipt;
import millrace.chain.rpc.Rpc;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.eip712.Words;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import org.springframework.stereotype.Component;

/// Finds the transaction that used an authorisation. Anybody may have sent it, so it is looked for
/// by the authorisation's nonce; our own comes in only where a node keeps logs from us.
@Component
class DepositSearch {
  /// Nodes limit the range of one request.
  private static final long WINDOW = 1_000;

  private static final Bytes32 CANCELLED =
      Bytes32.of(Words.typeHash("AuthorizationCanceled(address,bytes32)"));

  private final Rpc rpc;
  private final ContractEvents events;
  private final HubTerms terms;
  private final DepositProperties properties;

  DepositSearch(Rpc rpc, ContractEvents events, HubTerms terms, DepositProperties properties) {
    this.rpc = rpc;
    this.events = events;
    this.terms = terms;
    this.properties = properties;
  }

  sealed interface Result {
    record Found(Bytes32 transaction, Amount amount) implements Result {}

    /// It paid for something else, or its payer took it back.
    record Elsewhere(String how) implements Result {}

    record Nothing() implements Result {}
  }

  /// Looks in final blocks only, newest first.
  Result search(Deposit deposit, long finalBlock) {
    var topics =
        ContractEvents.authorizationUsedTopics(deposit.channel().config().payer(), deposit.nonce());
    var receipt = newest(topics, finalBlock).flatMap(this::receiptOf);
    if (receipt.isPresent()) return judge(deposit, receipt.get());
    var own = deposit.mined().flatMap(rpc::receipt).filter(r -> r.block() <= finalBlock);
    if (own.isPresent() && judge(deposit, own.get()) instanceof Result.Found found) return found;
    var cancelled = new ArrayList<>(topics);
    cancelled.set(0, CANCELLED);
    return newest(cancelled, finalBlock)
        .<Result>map(log -> new Result.Elsewhere("cancelled by " + log.transaction()))
        .orElseGet(Result.Nothing::new);
  }

  private Optional<ContractLog> newest(List<Bytes32> topics, long finalBlock) {
    long first = Math.max(0, finalBlock - properties.lookBackBlocks());
    for (long last = finalBlock; last >= first; last -= WINDOW) {
      var from = Math.max(first, last - WINDOW + 1);
      var log = rpc.logs(from, last, terms.token().address(), topics).stream().findFirst();
      if (log.isPresent()) return log;
    }
    return Optional.empty();
  }

  /// Both must be of one block, or one of them is of a chain that is gone.
  private Optional<Receipt> receiptOf(ContractLog log) {
    return rpc.receipt(log.transaction())
        .filter(receipt -> receipt.blockHash().equals(log.blockHash()));
  }

  /// Several deposits of one channel may share a transaction; the one of our amount is ours.
  private Result judge(Deposit deposit, Receipt receipt) {
    List<Amount> amounts =
        receipt.logs().stream()
            .flatMap(log -> events.decode(log).stream())
            .flatMap(event -> amountOf(event, deposit))
            .sorted(Comparator.comparing(amount -> !amount.equals(deposit.amount())))
            .toList();
    return amounts.isEmpty()
        ? new Result.Elsewhere("used by " + receipt.transaction())
        : new Result.Found(receipt.transaction(), amounts.getFirst());
  }

  private static Stream<Amount> amountOf(ContractEvent event, Deposit deposit) {
    return event instanceof Deposited deposited
            && deposited.channelId().equals(deposit.channel().id())
        ? Stream.of(deposited.amount())
        : Stream.empty();
  }
}
