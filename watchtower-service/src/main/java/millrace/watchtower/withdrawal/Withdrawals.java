package millrace.watchtower.withdrawal;

import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import millrace.chain.contract.ContractEvent;
import millrace.chain.contract.ContractEvent.OfChannel;
import millrace.chain.contract.ContractEvent.WithdrawFinalized;
import millrace.chain.contract.ContractEvent.WithdrawInitiated;
import millrace.chain.contract.ContractEvents;
import millrace.chain.follower.BlockListener;
import millrace.chain.follower.FollowedBlock;
import millrace.chain.rpc.ContractLog;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.voucher.NewVouchers;
import millrace.watchtower.withdrawal.WithdrawalStore.Seen;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Notes who leaves, at the head: a claim that waited for confirmations could come too late. What
/// it notes is only a hint where to look.
@Component
class Withdrawals implements BlockListener, NewVouchers {
  private static final Logger LOG = LoggerFactory.getLogger(Withdrawals.class);

  private final ContractEvents events;
  private final WithdrawalStore store;
  private final Clock clock;

  Withdrawals(ContractEvents events, WithdrawalStore store, Clock clock) {
    this.events = events;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public void onHead(FollowedBlock block, List<ContractLog> logs) {
    var touched = new HashSet<ChannelId>();
    var seen = new LinkedHashMap<ChannelId, Seen>();
    for (var event : decoded(logs)) {
      if (event instanceof WithdrawInitiated(var channel, _, var finalizeAfter)) {
        LOG.info("withdrawal of {} seen in block {}", channel, block.number());
        seen.put(channel, new Seen(channel, finalizeAfter, block.number()));
      } else if (event instanceof OfChannel ofChannel) {
        touched.add(ofChannel.channelId());
      }
    }
    if (!seen.isEmpty()) store.note(List.copyOf(seen.values()), clock.instant());
    touched.removeAll(seen.keySet());
    if (!touched.isEmpty()) store.lookAgain(touched, clock.instant());
  }

  @Override
  public void onReorg(long firstRemovedBlock) {
    store.lookAtAllAgain(firstRemovedBlock, clock.instant());
  }

  @Override
  public void onFinal(FollowedBlock block, List<ContractLog> logs) {
    var gone = new HashSet<ChannelId>();
    for (var event : decoded(logs)) {
      if (event instanceof WithdrawFinalized(var channel, _, _)) gone.add(channel);
    }
    if (!gone.isEmpty()) store.end(gone, block.number(), clock.instant());
  }

  @Override
  public void kept(Collection<ChannelId> channels) {
    store.lookAgain(channels, clock.instant());
  }

  private List<ContractEvent> decoded(List<ContractLog> logs) {
    return logs.stream().flatMap(log -> events.decode(log).stream()).toList();
  }
}
