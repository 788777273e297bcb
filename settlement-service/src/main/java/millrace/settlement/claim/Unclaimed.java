package millrace.settlement.claim;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Amount;

/// What all channels together owe and is in no batch yet.
///
/// @param since when the oldest of it was charged
/// @param leaving whether a channel with a pending withdrawal is among them
/// @param shortfall what due payouts need beyond the vault's free money and what is being claimed
public record Unclaimed(
    Amount value, Optional<Instant> since, long channels, boolean leaving, Amount shortfall) {}
