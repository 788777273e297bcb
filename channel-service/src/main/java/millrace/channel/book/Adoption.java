package millrace.channel.book;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import millrace.channel.ledger.Ledger;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.ChannelId;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Makes a channel known to the hub: its terms have come with a voucher or a deposit, and what the
/// chain said of it before is taken over.
@Component
public class Adoption {
  private final ChannelRows channels;
  private final UnknownChannels unknown;
  private final Facts facts;
  private final Ledger ledger;

  Adoption(ChannelRows channels, UnknownChannels unknown, Facts facts, Ledger ledger) {
    this.channels = channels;
    this.unknown = unknown;
    this.facts = facts;
    this.ledger = ledger;
  }

  /// Which of these unknown channels the chain has told something of.
  public Set<ChannelId> seen(Collection<ChannelId> ids) {
    return unknown.among(ids);
  }

  /// Locks the channel's row, after making it if there is none.
  ///
  /// @param config hashes to the id: the caller has checked it
  @Transactional(propagation = Propagation.MANDATORY)
  public ChannelRow adopt(ChannelId id, ChannelConfig config, Instant at) {
    makeKnown(id, config, at);
    return channels.lock(id).orElseThrow();
  }

  /// Makes the channel's row if there is none, and leaves one that is there alone, unlocked.
  @Transactional(propagation = Propagation.MANDATORY)
  public void makeKnown(ChannelId id, ChannelConfig config, Instant at) {
    if (channels.find(id).isPresent()) return;
    unknown.exclude(id);
    // Many may have waited for the one that made it.
    if (channels.find(id).isPresent()) return;
    channels.insertOpening(id, config, at);
    List<ChannelFact> kept =
        unknown.take(id).stream().map(fact -> new ChannelFact(id, fact)).toList();
    ledger.post(facts.record(kept));
  }
}
