package millrace.channel.guard;

import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// A channel of which payments are asked, before they are decided upon.
///
/// @param safe what nobody can take back: claimed on chain, or guarded
/// @param upTo the highest charge that could come of it
public record Asking(ChannelId channel, Address payer, Amount safe, Amount upTo) {
  Amount exposed() {
    return upTo.minusOrZero(safe);
  }
}
