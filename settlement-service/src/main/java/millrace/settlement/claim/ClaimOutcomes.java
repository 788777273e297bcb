package millrace.settlement.claim;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractEvents;
import millrace.chain.rpc.Bytes;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Purpose;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.ClaimedChannel;
import millrace.messaging.outbox.Outbox;
import millrace.settlement.chain.KnownChannels;
import millrace.settlement.chain.OutcomeHandler;
import millrace.settlement.chain.Workers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// What became of a batch. Rows that the contracts left out are examined anew; a batch that failed
/// as a whole is cut in halves, until the row at fault stands alone.
@Component
class ClaimOutcomes implements OutcomeHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimOutcomes.class);

  private final ClaimBatches batches;
  private final ClaimRows rows;
  private final Claimables claimables;
  private final ClaimSending sending;
  private final KnownChannels channels;
  private final ContractEvents events;
  private final Outbox outbox;
  private final Workers workers;
  private final Clock clock;

  ClaimOutcomes(
      ClaimBatches batches,
      ClaimRows rows,
      Claimables claimables,
      ClaimSending sending,
      KnownChannels channels,
      ContractEvents events,
      Outbox outbox,
      Workers workers,
      Clock clock) {
    this.batches = batches;
    this.rows = rows;
    this.claimables = claimables;
    this.sending = sending;
    this.channels = channels;
    this.events = events;
    this.outbox = outbox;
    this.workers = workers;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return ClaimSending.KIND;
  }

  @Override
  public void onFinal(FinalTransaction transaction) {
    workers.wakeAfterCommit();
    if (!transaction.success()) {
      fail(transaction.purpose(), "reverted in " + transaction.hash());
      return;
    }
    var batch = batch(transaction.purpose());
    var news = new BatchNews(events, transaction.receipt());
    var claimed = new ArrayList<ClaimedChannel>();
    for (var claim : lockedRows(batch.id())) {
      var id = claim.voucher().voucher().channelId();
      var total = news.recorded(id);
      if (total.isPresent()) {
        claimed.add(new ClaimedChannel(id, total.get()));
        claimables.claimed(id, total.get(), clock.instant());
      } else {
        var reason = news.whyNot(id);
        LOG.warn("claim {} left {} out: {}", batch.id(), id, reason);
        rows.skipped(batch.id(), id, reason);
        claimables.postpone(id, clock.instant());
      }
    }
    batch.confirm(transaction.hash(), transaction.gasUsed(), clock.instant());
    outbox.append(
        Long.toString(batch.id()),
        new ClaimConfirmed(batch.id(), transaction.hash(), claimed, transaction.gasUsed()));
  }

  @Override
  public void onRefused(Purpose purpose, String reason, Bytes revertData) {
    workers.wakeAfterCommit();
    fail(purpose, reason + " " + revertData);
  }

  private void fail(Purpose purpose, String reason) {
    var batch = batch(purpose);
    var claims = lockedRows(batch.id());
    LOG.error("claim {} of {} rows failed: {}", batch.id(), claims.size(), reason);
    batch.fail(reason, clock.instant());
    if (claims.size() == 1) {
      claimables.postpone(claims.getFirst().voucher().voucher().channelId(), clock.instant());
      return;
    }
    int half = claims.size() / 2;
    split(claims.subList(0, half));
    split(claims.subList(half, claims.size()));
  }

  private void split(List<ClaimRow> claims) {
    long batch = sending.open(ClaimReason.SPLIT, claims.size());
    for (var claim : claims) claimables.moveTo(claim.voucher().voucher().channelId(), batch);
    sending.send(batch, claims);
  }

  private ClaimBatch batch(Purpose purpose) {
    long id = Long.parseLong(purpose.id());
    return batches
        .findById(id)
        .filter(ClaimBatch::isSending)
        .orElseThrow(() -> new IllegalStateException("claim " + id + " is not being sent"));
  }

  private List<ClaimRow> lockedRows(long batch) {
    var claims = rows.of(batch);
    channels.lock(claims.stream().map(row -> row.voucher().voucher().channelId()).toList());
    return claims;
  }
}
