package millrace.settlement.chain;

import java.util.Map;
import millrace.chain.contract.ChannelReader;
import millrace.chain.follower.BlockFollower;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.ChainState;
import millrace.protocol.type.ChannelId;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Reads every touched channel in a final block and publishes what stands there. Many touches make
/// one reading.
@Component
class ChannelObserver implements Worker {
  private static final int BATCH = 100;

  private final BlockFollower follower;
  private final KnownChannels channels;
  private final ChannelReader reader;
  private final Outbox outbox;
  private final TransactionTemplate transactions;

  ChannelObserver(
      BlockFollower follower,
      KnownChannels channels,
      ChannelReader reader,
      Outbox outbox,
      TransactionTemplate transactions) {
    this.follower = follower;
    this.channels = channels;
    this.reader = reader;
    this.outbox = outbox;
    this.transactions = transactions;
  }

  @Override
  public String name() {
    return "channel-observer";
  }

  @Override
  public boolean work() {
    var block = follower.finalBlock();
    if (block.isEmpty()) return false;
    var unread = channels.unread(block.get().number(), BATCH);
    if (unread.isEmpty()) return false;
    var states = reader.states(unread.stream().map(KnownChannel::key).toList(), block.get().id());
    transactions.executeWithoutResult(_ -> publish(states));
    return unread.size() == BATCH;
  }

  private void publish(Map<ChannelId, ChainState> states) {
    for (var id : channels.lock(states.keySet())) {
      var state = states.get(id);
      if (state == null || !channels.read(id, state)) continue;
      outbox.append(id.toString(), new ChannelStateSeen(id, state));
    }
  }
}
