package millrace.settlement.claim;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ClaimRow;
import millrace.chain.rpc.Rpc;
import millrace.protocol.channel.ChainState;
import millrace.protocol.type.ChannelId;
import millrace.settlement.chain.KnownChannels;
import millrace.settlement.chain.Worker;
import millrace.settlement.gas.GasWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Makes batches when the policy says so. Each row is compared with the chain first, because a row
/// that is no longer right makes all others dearer.
@Component
class ClaimWorker implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimWorker.class);

  private final Claimables claimables;
  private final ClaimSending sending;
  private final KnownChannels channels;
  private final ChannelReader reader;
  private final Rpc rpc;
  private final ClaimPolicy policy;
  private final int maxRows;
  private final GasWatch gas;
  private final TransactionTemplate transactions;
  private final Clock clock;

  ClaimWorker(
      Claimables claimables,
      ClaimSending sending,
      KnownChannels channels,
      ChannelReader reader,
      Rpc rpc,
      ClaimProperties properties,
      GasWatch gas,
      TransactionTemplate transactions,
      Clock clock) {
    this.claimables = claimables;
    this.sending = sending;
    this.channels = channels;
    this.reader = reader;
    this.rpc = rpc;
    this.policy = properties.policy();
    this.maxRows = properties.maxRows();
    this.gas = gas;
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "claims";
  }

  @Override
  public boolean work() {
    var now = clock.instant();
    var time = policy.due(claimables.unclaimed(now), gas.price(), now);
    if (time.isEmpty()) return false;
    var due = claimables.due(now, maxRows, time.get());
    if (due.isEmpty()) return false;
    var keys = due.stream().map(claimable -> claimable.channel().key()).toList();
    var states = reader.states(keys, rpc.head().id());
    transactions.executeWithoutResult(_ -> claim(time.get().reason(), due, states));
    return true;
  }

  private void claim(ClaimReason reason, List<Claimable> due, Map<ChannelId, ChainState> states) {
    channels.lock(states.keySet());
    var rows = new LinkedHashMap<Claimable, ClaimRow>();
    for (var claimable : due) {
      var state = states.get(claimable.channel().id());
      if (state == null) continue;
      claimable
          .rowAgainst(state)
          .ifPresentOrElse(row -> rows.put(claimable, row), () -> nothingToClaim(claimable));
    }
    if (rows.isEmpty()) return;
    // Those that do not fit are the first of the next batch.
    int most = sending.fitting(List.copyOf(rows.values())).size();
    long batch = sending.open(reason, most);
    var reserved = new ArrayList<ClaimRow>();
    rows.entrySet().stream()
        .limit(most)
        .forEach(
            entry -> {
              if (claimables.reserve(entry.getKey(), batch)) reserved.add(entry.getValue());
            });
    if (reserved.isEmpty()) {
      throw new ConcurrencyFailureException("another process was faster with this batch");
    }
    sending.send(batch, reserved);
    LOG.info("claim {} of {} channels, because of {}", batch, reserved.size(), reason);
  }

  /// The chain at the head says it is done, or that the channel is empty. A final block will say
  /// whether that stays so.
  private void nothingToClaim(Claimable claimable) {
    claimables.postpone(claimable.channel().id(), clock.instant());
  }
}
