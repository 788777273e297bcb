package millrace.settlement.refund;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import millrace.chain.contract.ChannelReader;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Bytes;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Purpose;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.messaging.event.SettlementEvent.RefundFailure;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.ChainState;
import millrace.protocol.eip712.Words;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.RefundId;
import millrace.settlement.chain.KnownChannel;
import millrace.settlement.chain.KnownChannels;
import millrace.settlement.chain.OutcomeHandler;
import millrace.settlement.chain.Worker;
import millrace.settlement.chain.Workers;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// What became of refunds. One that happened is told together with what it left in the channel.
@Component
class RefundOutcomes implements OutcomeHandler, Worker {
  private static final int BATCH = 100;
  private static final byte[] EXCEEDS_CAP = selector("RefundExceedsCap(uint128)");
  private static final byte[] EXCEEDS_UNCLAIMED = selector("RefundExceedsUnclaimed(uint128)");

  private final Refunds refunds;
  private final KnownChannels channels;
  private final ChannelReader reader;
  private final BlockFollower follower;
  private final Outbox outbox;
  private final Workers workers;
  private final TransactionTemplate transactions;
  private final Clock clock;

  RefundOutcomes(
      Refunds refunds,
      KnownChannels channels,
      ChannelReader reader,
      BlockFollower follower,
      Outbox outbox,
      Workers workers,
      TransactionTemplate transactions,
      Clock clock) {
    this.refunds = refunds;
    this.channels = channels;
    this.reader = reader;
    this.follower = follower;
    this.outbox = outbox;
    this.workers = workers;
    this.transactions = transactions;
    this.clock = clock;
  }

  private static byte[] selector(String error) {
    return Arrays.copyOf(Words.typeHash(error), 4);
  }

  @Override
  public String kind() {
    return RefundIntake.KIND;
  }

  @Override
  public void onFinal(FinalTransaction transaction) {
    var id = new RefundId(transaction.purpose().id());
    if (transaction.success()) {
      refunds.mined(id, transaction.hash(), transaction.block());
      workers.wakeAfterCommit();
    } else {
      fail(id, "reverted in " + transaction.hash(), Optional.empty());
    }
  }

  @Override
  public void onRefused(Purpose purpose, String reason, Bytes revertData) {
    fail(new RefundId(purpose.id()), reason + " " + revertData, reason(revertData));
  }

  @Override
  public String name() {
    return "refunds";
  }

  @Override
  public boolean work() {
    var block = follower.finalBlock();
    if (block.isEmpty()) return false;
    var mined = refunds.minedUpTo(block.get().number(), BATCH);
    if (mined.isEmpty()) return false;
    var keys = mined.stream().map(Refunds.Refund::channel).map(KnownChannel::key).toList();
    var states = reader.states(keys, block.get().id());
    for (var refund : mined) {
      var after = states.get(refund.channel().id());
      if (after != null) transactions.executeWithoutResult(_ -> confirm(refund, after));
    }
    return mined.size() == BATCH;
  }

  private void confirm(Refunds.Refund refund, ChainState after) {
    var channel = refund.channel().id();
    channels.lock(List.of(channel));
    if (!refunds.end(refund.id(), "CONFIRMED", "", clock.instant())) return;
    outbox.append(
        channel.toString(),
        new RefundConfirmed(
            refund.id(),
            channel,
            refund.amount(),
            refund.transaction().orElse(Bytes32.ZERO),
            after,
            refund.merchant()));
  }

  private static Optional<RefundFailure> reason(Bytes revertData) {
    byte[] selector = Arrays.copyOf(revertData.toArray(), EXCEEDS_CAP.length);
    if (Arrays.equals(selector, EXCEEDS_CAP)) return Optional.of(RefundFailure.DAILY_LIMIT);
    return Arrays.equals(selector, EXCEEDS_UNCLAIMED)
        ? Optional.of(RefundFailure.TOO_LITTLE_UNCLAIMED)
        : Optional.empty();
  }

  private void fail(RefundId id, String detail, Optional<RefundFailure> reason) {
    var refund = refunds.find(id).orElseThrow();
    var channel = refund.channel().id();
    channels.lock(List.of(channel));
    if (refunds.end(id, "FAILED", detail, clock.instant())) {
      outbox.append(
          channel.toString(),
          new RefundFailed(id, channel, refund.amount(), detail, refund.merchant(), reason));
    }
  }
}
