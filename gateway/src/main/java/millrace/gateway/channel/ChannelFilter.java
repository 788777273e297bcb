package millrace.gateway.channel;

import java.util.Optional;
import millrace.gateway.page.Period;
import millrace.messaging.command.ChannelStanding;
import millrace.protocol.type.Address;

/// Which channels somebody looks for.
///
/// @param guarded whether nothing that is charged is still exposed
record ChannelFilter(
    Optional<ChannelStanding.Status> status,
    Optional<Boolean> guarded,
    Optional<Address> payer,
    Optional<Address> asset,
    Period period) {
  /// Whether a channel has to be looked at for it. Only channel-service knows how one stands.
  boolean asksHowTheyStand() {
    return status.isPresent() || guarded.isPresent() || !period.equals(Period.ALL);
  }

  /// All but the payer, whose channels are found by themselves.
  ///
  /// A channel that nobody knows the age of is of no period.
  boolean wants(ChannelStanding channel) {
    return status.filter(wanted -> wanted != channel.status()).isEmpty()
        && guarded.filter(wanted -> wanted != channel.exposed().isZero()).isEmpty()
        && (period.equals(Period.ALL) || channel.createdAt().filter(period::contains).isPresent());
  }
}
