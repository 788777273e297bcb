package millrace.watchtower.withdrawal;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.chain.contract.ContractEvent.Claimed;
import millrace.chain.contract.ContractEvents;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Receipt;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionListener;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.messaging.outbox.Outbox;
import millrace.messaging.outbox.Outgoing;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.withdrawal.ClaimStore.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Writes down how claims ended and has their channels looked at again: whether a claim helped is
/// not taken from the transaction but from the contract's books.
@Component
class ClaimResults implements TransactionListener {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimResults.class);

  private final ClaimStore claims;
  private final WithdrawalStore withdrawals;
  private final ContractEvents events;
  private final Outbox outbox;
  private final Clock clock;
  private final MeterRegistry meters;

  ClaimResults(
      ClaimStore claims,
      WithdrawalStore withdrawals,
      ContractEvents events,
      Outbox outbox,
      Clock clock,
      MeterRegistry meters) {
    this.claims = claims;
    this.withdrawals = withdrawals;
    this.events = events;
    this.outbox = outbox;
    this.clock = clock;
    this.meters = meters;
  }

  @Override
  public void onFinal(FinalTransaction transaction) {
    long id = Long.parseLong(transaction.purpose().id());
    var outcome = transaction.success() ? Outcome.SUCCEEDED : Outcome.REVERTED;
    if (outcome == Outcome.REVERTED) LOG.error("claim {} was reverted on chain", id);
    var rows = end(id, outcome, transaction.hash());
    if (outcome == Outcome.SUCCEEDED) answered(rows, transaction);
  }

  @Override
  public void onRefused(Purpose purpose, String reason, Bytes revertData) {
    long id = Long.parseLong(purpose.id());
    LOG.error("claim {} would be reverted: {} {}", id, reason, revertData);
    end(id, Outcome.REFUSED, null);
  }

  /// @return the rows of the claim, whose channels are looked at again
  private List<ClaimStore.Row> end(long id, Outcome outcome, @Nullable Bytes32 transaction) {
    var now = clock.instant();
    claims.end(id, outcome, transaction, now);
    meters.counter("millrace.tower.claims", "outcome", outcome.name()).increment();
    var rows = claims.rows(id);
    withdrawals.lookAgain(rows.stream().map(ClaimStore.Row::channelId).toList(), now);
    return rows;
  }

  /// The vault passes rows over that cannot be claimed any more; those answered nobody.
  private void answered(List<ClaimStore.Row> rows, FinalTransaction transaction) {
    var claimed = claimed(transaction.receipt());
    var answered = rows.stream().filter(row -> claimed.contains(row.channelId())).toList();
    if (answered.size() < rows.size()) {
      LOG.warn(
          "{} of {} rows of claim {} were passed over",
          rows.size() - answered.size(),
          rows.size(),
          transaction.purpose().id());
    }
    if (answered.isEmpty()) return;
    withdrawals.answered(
        answered.stream().map(ClaimStore.Row::channelId).toList(), transaction.hash());
    publish(answered, transaction.hash(), clock.instant());
  }

  private Set<ChannelId> claimed(Receipt receipt) {
    return receipt.logs().stream()
        .flatMap(log -> events.decode(log).stream())
        .filter(Claimed.class::isInstance)
        .map(event -> ((Claimed) event).channelId())
        .collect(Collectors.toSet());
  }

  private void publish(List<ClaimStore.Row> rows, Bytes32 transaction, Instant at) {
    outbox.appendAll(
        rows.stream()
            .map(
                row ->
                    new Outgoing(
                        row.channelId().toString(),
                        new WithdrawalAnswered(
                            row.channelId(), row.totalClaimed(), row.ceiling(), transaction, at)))
            .toList());
  }
}
