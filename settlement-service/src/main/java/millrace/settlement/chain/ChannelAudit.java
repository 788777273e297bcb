package millrace.settlement.chain;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import millrace.chain.contract.ChannelReader;
import millrace.chain.follower.BlockFollower;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.ChainState;
import millrace.protocol.type.ChannelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Looks whether logs were missed. Channels no log has touched since they were read must stand in a
/// final block as they were read; where one does not, its state is published and somebody is told,
/// because the node keeps things from us. Page by page it comes round to all channels.
@Component
class ChannelAudit implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelAudit.class);

  private final BlockFollower follower;
  private final KnownChannels channels;
  private final ChannelReader reader;
  private final Outbox outbox;
  private final TransactionTemplate transactions;
  private final AuditProperties properties;
  private final Clock clock;
  private final Counter compared;
  private final Counter missed;
  private Instant lastAt = Instant.EPOCH;
  private Optional<ChannelId> last = Optional.empty();

  ChannelAudit(
      BlockFollower follower,
      KnownChannels channels,
      ChannelReader reader,
      Outbox outbox,
      TransactionTemplate transactions,
      AuditProperties properties,
      MeterRegistry meters,
      Clock clock) {
    this.follower = follower;
    this.channels = channels;
    this.reader = reader;
    this.outbox = outbox;
    this.transactions = transactions;
    this.properties = properties;
    this.clock = clock;
    this.compared = meters.counter("millrace.chain.audit.compared");
    this.missed =
        Counter.builder("millrace.chain.audit.missed")
            .description("Changes of channels that no log told of")
            .register(meters);
  }

  @Override
  public String name() {
    return "channel-audit";
  }

  @Override
  public boolean work() {
    var now = clock.instant();
    var block = follower.finalBlock();
    if (block.isEmpty() || lastAt.plus(properties.interval()).isAfter(now)) return false;
    lastAt = now;
    var page = channels.settled(last, block.get().number(), properties.page());
    last = page.size() < properties.page() ? Optional.empty() : Optional.of(page.getLast().id());
    if (page.isEmpty()) return false;
    var states = reader.states(page.stream().map(KnownChannel::key).toList(), block.get().id());
    transactions.executeWithoutResult(_ -> compare(states));
    compared.increment(states.size());
    return false;
  }

  /// A channel that a log has touched meanwhile is left to [ChannelObserver].
  private void compare(Map<ChannelId, ChainState> states) {
    for (var id : channels.lock(states.keySet())) {
      var state = states.get(id);
      if (state == null || !channels.contradicts(id, state)) continue;
      LOG.error("channel {} changed up to block {} and no log told", id, state.block());
      missed.increment();
      if (channels.read(id, state)) {
        outbox.append(id.toString(), new ChannelStateSeen(id, state));
      }
    }
  }
}
