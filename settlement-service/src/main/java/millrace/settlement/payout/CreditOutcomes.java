package millrace.settlement.payout;

import java.time.Clock;
import millrace.chain.rpc.Bytes;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Purpose;
import millrace.settlement.chain.OutcomeHandler;
import millrace.settlement.chain.Workers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Notes what became of a credit. Whom it paid, the vault's books say.
@Component
class CreditOutcomes implements OutcomeHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CreditOutcomes.class);

  private final CreditBatches batches;
  private final Workers workers;
  private final Clock clock;

  CreditOutcomes(CreditBatches batches, Workers workers, Clock clock) {
    this.batches = batches;
    this.workers = workers;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return Crediting.KIND;
  }

  @Override
  public void onFinal(FinalTransaction transaction) {
    workers.wakeAfterCommit();
    var batch = batch(transaction.purpose());
    if (transaction.success()) {
      batch.confirm(
          transaction.hash(), transaction.block(), transaction.gasUsed(), clock.instant());
    } else {
      fail(batch, "reverted in " + transaction.hash());
    }
  }

  @Override
  public void onRefused(Purpose purpose, String reason, Bytes revertData) {
    fail(batch(purpose), reason + " " + revertData);
  }

  /// Its promises stand; they are sent again after a pause.
  private void fail(CreditBatch batch, String reason) {
    LOG.error("credit {} failed: {}", batch.id(), reason);
    batch.fail(reason, clock.instant());
  }

  private CreditBatch batch(Purpose purpose) {
    return batches.findById(Long.parseLong(purpose.id())).orElseThrow();
  }
}
