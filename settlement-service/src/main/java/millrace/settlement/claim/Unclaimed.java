package millrace.settlement.claim;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Amount;

/// What all channels together owe and is in no batch yet.
///
/// @param since when the oldest of it was charged
/// @param leaving whether a channel with a pending withdrawal is among them
/// @param shortfall by how much the vault's free money falls short of waiting payouts
record Unclaimed(
    Amount value, Optional<Instant> since, long channels, boolean leaving, Amount shortfall) {}
