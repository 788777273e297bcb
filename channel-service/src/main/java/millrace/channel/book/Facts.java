package millrace.channel.book;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import millrace.channel.book.ChannelRows.Recorded;
import millrace.channel.guard.Guards;
import millrace.channel.ledger.Transfer;
import millrace.messaging.outbox.Outbox;
import millrace.messaging.outbox.Outgoing;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.type.ChannelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Records facts of the chain: load, decide, store, tell.
@Component
public class Facts {
  private static final Logger LOG = LoggerFactory.getLogger(Facts.class);

  private final ChannelRows channels;
  private final UnknownChannels unknown;
  private final Exposures exposures;
  private final Guards guards;
  private final Outbox outbox;
  private final Clock clock;
  private final Counter lost;

  Facts(
      ChannelRows channels,
      UnknownChannels unknown,
      Exposures exposures,
      Guards guards,
      Outbox outbox,
      Clock clock,
      MeterRegistry metrics) {
    this.channels = channels;
    this.unknown = unknown;
    this.exposures = exposures;
    this.guards = guards;
    this.outbox = outbox;
    this.clock = clock;
    this.lost =
        Counter.builder("millrace.channel.lost")
            .description("channels whose history on chain this database does not have")
            .register(metrics);
  }

  /// Applies the facts, those of one channel in the order given. The transfers that follow from
  /// them are the caller's to post, together with its own.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Transfer> record(List<ChannelFact> facts) {
    var at = clock.instant();
    var inputs = new TreeMap<ChannelId, List<Fact>>();
    for (var fact : facts) {
      inputs.computeIfAbsent(fact.channelId(), _ -> new ArrayList<>()).add(fact.fact());
    }
    var rows = channels.lock(inputs.keySet());
    var recorded = new ArrayList<Recorded>();
    var transfers = new ArrayList<Transfer>();
    var events = new ArrayList<Outgoing>();
    for (var channel : inputs.entrySet()) {
      var row =
          Optional.ofNullable(rows.get(channel.getKey()))
              .or(() -> becameKnown(channel.getKey(), channel.getValue(), at));
      if (row.isEmpty()) continue;
      var entry = new FactEntry(row.get(), at);
      channel.getValue().forEach(entry::apply);
      if (entry.isLostNow()) reportLoss(channel.getKey());
      if (entry.changed()) recorded.add(entry.recorded());
      transfers.addAll(entry.transfers());
      entry.events().forEach(event -> events.add(new Outgoing(channel.getKey().toString(), event)));
    }
    channels.record(recorded);
    recorded.forEach(change -> exposures.note(change.before(), change.after()));
    recorded.forEach(change -> noteOverclaim(change, at));
    outbox.appendAll(events);
    return transfers;
  }

  private void noteOverclaim(Recorded change, Instant at) {
    var charged = change.after().account().charged();
    var raisedBy = charged.minus(change.before().account().charged());
    if (!raisedBy.isZero()) guards.overclaimed(change.after().id(), raisedBy, charged, at);
  }

  /// The row, if somebody has brought the channel's terms meanwhile; else the facts are put aside.
  private Optional<ChannelRow> becameKnown(ChannelId id, List<Fact> facts, Instant at) {
    unknown.exclude(id);
    var row = channels.lock(id);
    if (row.isPresent()) return row;
    for (var fact : facts) {
      if (fact instanceof StateSeen(var state) && hasHistory(state)) reportLoss(id);
      unknown.keep(id, fact, at);
    }
    return Optional.empty();
  }

  private static boolean hasHistory(ChainState state) {
    return !state.claimed().isZero() || state.refundNonce().signum() > 0;
  }

  private void reportLoss(ChannelId id) {
    lost.increment();
    LOG.error(
        "channel {} has a history on chain that this database has not; it stays shut until"
            + " restored",
        id);
  }
}
