package millrace.protocol.channel;

import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.type.Amount;

/// What the contract says of a channel at one final block. A later block replaces an earlier one.
///
/// @param balance deposits less refunds and withdrawals; claims do not lower it
/// @param claimed `totalClaimed`, cumulative
/// @param withdrawal the pending withdrawal, if there is one at that block
public record ChainState(
    long block,
    Amount balance,
    Amount claimed,
    BigInteger refundNonce,
    Optional<PendingWithdrawal> withdrawal) {}
