package millrace.settlement.deposit;

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
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import org.springframework.stereotype.Component;

/// Finds the transaction that used an authorisation. Anybody may have sent it, so it is looked for
/// by the authorisation's nonce and never by a hash of ours.
@Component
class DepositSearch {
  /// Nodes limit the range of one request.
  private static final long WINDOW = 1_000;

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

    /// It paid for something else.
    record Elsewhere(Bytes32 transaction) implements Result {}

    record Nothing() implements Result {}
  }

  /// Looks in final blocks only, newest first.
  Result search(Deposit deposit, long finalBlock) {
    long first = Math.max(0, finalBlock - properties.lookBackBlocks());
    for (long last = finalBlock; last >= first; last -= WINDOW) {
      var log = logIn(deposit, Math.max(first, last - WINDOW + 1), last);
      var receipt = log.flatMap(found -> rpc.receipt(found.transaction()));
      if (receipt.isPresent()) return judge(deposit, receipt.get());
    }
    return new Result.Nothing();
  }

  private Optional<ContractLog> logIn(Deposit deposit, long first, long last) {
    var topics =
        ContractEvents.authorizationUsedTopics(deposit.channel().config().payer(), deposit.nonce());
    return rpc.logs(first, last, terms.token().address(), topics).stream().findFirst();
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
        ? new Result.Elsewhere(receipt.transaction())
        : new Result.Found(receipt.transaction(), amounts.getFirst());
  }

  private static Stream<Amount> amountOf(ContractEvent event, Deposit deposit) {
    return event instanceof Deposited deposited
            && deposited.channelId().equals(deposit.channel().id())
        ? Stream.of(deposited.amount())
        : Stream.empty();
  }
}
