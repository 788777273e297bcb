package millrace.watchtower.withdrawal;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import millrace.chain.rpc.Bytes;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionListener;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.messaging.outbox.Outbox;
import millrace.messaging.outbox.Outgoing;
import millrace.protocol.type.Bytes32;
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
  private final Outbox outbox;
  private final Clock clock;
  private final MeterRegistry meters;

  ClaimResults(
      ClaimStore claims,
      WithdrawalStore withdrawals,
      Outbox outbox,
      Clock clock,
      MeterRegistry meters) {
    this.claims = claims;
    this.withdrawals = withdrawals;
    this.outbox = outbox;
    this.clock = clock;
    this.meters = meters;
  }

  @Override
  public void onFinal(FinalTransaction transaction) {
    long id = Long.parseLong(transaction.purpose().id());
    var outcome = transaction.success() ? Outcome.SUCCEEDED : Outcome.REVERTED;
    if (outcome == Outcome.REVERTED) LOG.error("claim {} was reverted on chain", id);
    end(id, outcome, transaction.hash());
  }

  @Override
  public void onRefused(Purpose purpose, String reason, Bytes revertData) {
    long id = Long.parseLong(purpose.id());
    LOG.error("claim {} would be reverted: {} {}", id, reason, revertData);
    end(id, Outcome.REFUSED, null);
  }

  private void end(long id, Outcome outcome, @Nullable Bytes32 transaction) {
    var now = clock.instant();
    claims.end(id, outcome, transaction, now);
    meters.counter("millrace.tower.claims", "outcome", outcome.name()).increment();
    var rows = claims.rows(id);
    var channels = rows.stream().map(ClaimStore.Row::channelId).toList();
    withdrawals.lookAgain(channels, now);
    if (outcome == Outcome.SUCCEEDED && transaction != null) {
      withdrawals.answered(channels, transaction);
      publish(rows, transaction, now);
    }
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
