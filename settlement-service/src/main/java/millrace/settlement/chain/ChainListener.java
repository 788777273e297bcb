package millrace.settlement.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.chain.contract.ContractEvent;
import millrace.chain.contract.ContractEvent.ChannelCreated;
import millrace.chain.contract.ContractEvent.Deposited;
import millrace.chain.contract.ContractEvent.OfChannel;
import millrace.chain.contract.ContractEvent.Settled;
import millrace.chain.contract.ContractEvent.WithdrawInitiated;
import millrace.chain.contract.ContractEvents;
import millrace.chain.follower.BlockListener;
import millrace.chain.follower.FollowedBlock;
import millrace.chain.rpc.ContractLog;
import millrace.messaging.event.ChainEvent.DepositSeen;
import millrace.messaging.event.ChainEvent.SweepSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.ChannelId;
import org.springframework.stereotype.Component;

/// Bad news counts at the head, good news when final: a withdrawal is published at once, anything
/// else only marks its channel to be read in a final block.
@Component
class ChainListener implements BlockListener {
  private final HubTerms terms;
  private final ContractEvents events;
  private final KnownChannels channels;
  private final Outbox outbox;
  private final Workers workers;

  ChainListener(
      HubTerms terms,
      ContractEvents events,
      KnownChannels channels,
      Outbox outbox,
      Workers workers) {
    this.terms = terms;
    this.events = events;
    this.channels = channels;
    this.outbox = outbox;
    this.workers = workers;
  }

  @Override
  public void onHead(FollowedBlock block, List<ContractLog> logs) {
    var seen = logs.stream().flatMap(log -> events.decode(log).stream()).toList();
    channels.add(created(seen));
    var ofChannels = seen.stream().filter(OfChannel.class::isInstance).map(OfChannel.class::cast);
    var touched = ofChannels.map(OfChannel::channelId).collect(Collectors.toSet());
    var ours = channels.lock(touched);
    for (var id : ours) channels.touch(id, block.number());
    for (var event : seen) {
      if (event instanceof WithdrawInitiated withdrawal) publish(withdrawal, ours, block);
    }
    for (var log : logs) {
      for (var event : events.decode(log)) {
        if (event instanceof Deposited deposited && ours.contains(deposited.channelId())) {
          publish(deposited, log, block);
        }
      }
    }
  }

  /// Not final: whether to count on it already is for the ledger to say.
  private void publish(Deposited deposited, ContractLog log, FollowedBlock block) {
    outbox.append(
        deposited.channelId().toString(),
        new DepositSeen(
            deposited.channelId(),
            deposited.amount(),
            deposited.newBalance(),
            log.transaction(),
            block.number()));
  }

  /// The lock on a channel's row is what makes an id known; a stranger's channel has none.
  private void publish(WithdrawInitiated event, Set<ChannelId> ours, FollowedBlock block) {
    if (!ours.contains(event.channelId())) return;
    var withdrawal =
        new PendingWithdrawal(event.amount(), event.finalizeAfterSeconds(), block.number());
    outbox.append(event.channelId().toString(), new WithdrawalSeen(event.channelId(), withdrawal));
    channels.leaving(event.channelId(), withdrawal);
  }

  /// Channels are known from their creation on, before their payer shows up here: a withdrawal may
  /// be armed before the first payment.
  private List<KnownChannel> created(List<ContractEvent> seen) {
    var created = new ArrayList<KnownChannel>();
    for (var event : seen) {
      if (event instanceof ChannelCreated(var id, var config) && terms.match(config)) {
        created.add(new KnownChannel(id, config));
      }
    }
    return created;
  }

  @Override
  public void onReorg(long firstRemovedBlock) {
    channels.distrustFrom(firstRemovedBlock);
  }

  @Override
  public void onFinal(FollowedBlock block, List<ContractLog> logs) {
    for (var log : logs) {
      for (var event : events.decode(log)) {
        if (event instanceof Settled settled && settled.receiver().equals(terms.vault())) {
          publish(settled, log, block);
        }
      }
    }
    workers.wakeAfterCommit();
  }

  private void publish(Settled settled, ContractLog log, FollowedBlock block) {
    outbox.append(
        settled.token().toString(),
        new SweepSeen(
            settled.token(), settled.amount(), log.transaction(), log.logIndex(), block.number()));
  }
}
