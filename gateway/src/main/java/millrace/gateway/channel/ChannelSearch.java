package millrace.gateway.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Denomination;
import millrace.messaging.command.ChannelStanding;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import org.springframework.stereotype.Service;

/// Finds channels that a merchant was paid from. The gateway knows which those are and
/// channel-service how they stand, so they are looked through part by part, and up to a bound: one
/// request must not keep both busy for long. Whoever has more goes on where it ended.
@Service
class ChannelSearch {
  /// As many as channel-service tells of in one call.
  private static final int PART = 200;

  static final int MOST_LOOKED_AT = 5_000;

  private final PaidChannels paid;
  private final Hub hub;
  private final Denomination denomination;

  ChannelSearch(PaidChannels paid, Hub hub, Denomination denomination) {
    this.paid = paid;
    this.hub = hub;
    this.denomination = denomination;
  }

  /// @param more whether there may be others
  /// @param next after which the others are, where there may be some
  record Found(List<ChannelStanding> channels, boolean more, Optional<ChannelId> next) {
    private static final Found NOTHING = new Found(List.of(), false, Optional.empty());

    private static Found end(List<ChannelStanding> channels) {
      return new Found(channels, false, Optional.empty());
    }

    private static Found upTo(ChannelId last, List<ChannelStanding> channels) {
      return new Found(channels, true, Optional.of(last));
    }
  }

  /// In the order of their ids.
  Found find(MerchantId merchant, ChannelFilter wanted, Optional<ChannelId> after, int limit) {
    // A hub has one token.
    if (wanted.asset().filter(asset -> !asset.equals(denomination.asset())).isPresent()) {
      return Found.NOTHING;
    }
    return wanted.asksHowTheyStand()
        ? lookThrough(merchant, wanted, after, limit)
        : nextOnes(merchant, wanted, after, limit);
  }

  private Found nextOnes(
      MerchantId merchant, ChannelFilter wanted, Optional<ChannelId> after, int limit) {
    var ids = paid.after(merchant, wanted.payer(), after, limit + 1);
    if (ids.size() <= limit) return Found.end(hub.standings(ids));
    return Found.upTo(ids.get(limit - 1), hub.standings(ids.subList(0, limit)));
  }

  private Found lookThrough(
      MerchantId merchant, ChannelFilter wanted, Optional<ChannelId> after, int limit) {
    var found = new ArrayList<ChannelStanding>();
    var last = after;
    for (int looked = 0; looked < MOST_LOOKED_AT; looked += PART) {
      var ids = paid.after(merchant, wanted.payer(), last, PART);
      for (var channel : hub.standings(ids)) {
        if (!wanted.wants(channel)) continue;
        if (found.size() == limit) return Found.upTo(found.getLast().channelId(), found);
        found.add(channel);
      }
      if (ids.size() < PART) return Found.end(found);
      last = Optional.of(ids.getLast());
    }
    return new Found(found, true, last);
  }
}
