package millrace.watchtower.withdrawal;

import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.chain.contract.ContractEvent.WithdrawInitiated;
import millrace.chain.contract.ContractEvents;
import millrace.chain.follower.BlockFollower;
import millrace.chain.follower.FollowerStatus;
import millrace.chain.rpc.ContractLog;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcFault;
import millrace.chain.rpc.RpcUnavailable;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.withdrawal.Examiner.Findings;
import millrace.watchtower.withdrawal.WithdrawalStore.Seen;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Decides who is believed. Nodes that agree speak with one voice. While they disagree the follower
/// stands still, and time runs all the same: then each is heard by itself, and bad news counts
/// whoever brings it. A claim that was not needed costs gas; one that is missing costs the money.
@Component
class Witnesses {
  private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);

  /// How far behind the newest block one node is heard about in a dispute.
  private static final int FAR = 200;

  private final Rpc rpc;
  private final HubTerms hub;
  private final ContractEvents events;
  private final BlockFollower follower;
  private final Examiner examiner;
  private final WithdrawalStore withdrawals;
  private final Clock clock;

  Witnesses(
      Rpc rpc,
      HubTerms hub,
      ContractEvents events,
      BlockFollower follower,
      Examiner examiner,
      WithdrawalStore withdrawals,
      Clock clock) {
    this.rpc = rpc;
    this.hub = hub;
    this.events = events;
    this.follower = follower;
    this.examiner = examiner;
    this.withdrawals = withdrawals;
    this.clock = clock;
  }

  /// While the follower stands still, withdrawals in the blocks it does not pass.
  void noteWhatAnyTells() {
    var status = follower.status();
    if (!status.disputed()) return;
    for (var node : rpc.each()) {
      try {
        note(node, status);
      } catch (RpcUnavailable | RpcFault e) {
        LOG.debug("one node cannot be heard", e);
      }
    }
  }

  private void note(Rpc node, FollowerStatus status) {
    var head = node.head();
    long first = Math.max(status.head() + 1, head.number() - FAR);
    var blocks = node.blocks(first, head.number());
    var seen = new LinkedHashMap<ChannelId, Seen>();
    for (var logs : node.logs(blocks, List.of(hub.channels()))) {
      for (var log : logs) note(log, seen);
    }
    // A second time nothing is new, and raising the revision would hold up what is under way.
    seen.keySet().removeAll(withdrawals.open(seen.keySet()));
    if (!seen.isEmpty()) withdrawals.note(List.copyOf(seen.values()), clock.instant());
  }

  private void note(ContractLog log, Map<ChannelId, Seen> seen) {
    for (var event : events.decode(log)) {
      if (event instanceof WithdrawInitiated(var channel, _, var finalizeAfter)) {
        seen.put(channel, new Seen(channel, finalizeAfter, log.block()));
      }
    }
  }

  /// The newest block there is. While the follower stands still nobody knows, and it may be any.
  long newestBlock() {
    var status = follower.status();
    boolean still = status.disputed() || status.stopped().isPresent();
    return still ? Long.MAX_VALUE : status.nodeHead();
  }

  /// Empty when nobody could say.
  Optional<Findings> examine(List<WatchedWithdrawal> notes) {
    if (!follower.status().disputed()) return examiner.examine(rpc, notes);
    return rpc.each().stream()
        .map(node -> heard(node, notes))
        .flatMap(Optional::stream)
        .reduce(Witnesses::worse);
  }

  private Optional<Findings> heard(Rpc node, List<WatchedWithdrawal> notes) {
    try {
      return examiner.examine(node, notes);
    } catch (RpcUnavailable | RpcFault e) {
      LOG.debug("one node cannot be heard", e);
      return Optional.empty();
    }
  }

  /// Of each channel the worse that one of them says.
  static Findings worse(Findings a, Findings b) {
    var cases = new LinkedHashMap<ChannelId, Case>();
    for (var c : a.cases()) cases.put(c.channelId(), c);
    for (var c : b.cases()) cases.merge(c.channelId(), c, Witnesses::worse);
    var later = a.head().timestamp().isAfter(b.head().timestamp()) ? a.head() : b.head();
    return new Findings(
        later, Math.min(a.finalBlock(), b.finalBlock()), List.copyOf(cases.values()));
  }

  private static Case worse(Case a, Case b) {
    var order = Comparator.comparingInt((Case c) -> c.verdict().severity());
    return order.compare(a, b) >= 0 ? a : b;
  }
}
