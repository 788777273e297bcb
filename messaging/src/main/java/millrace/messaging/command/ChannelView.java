package millrace.messaging.command;

import java.math.BigInteger;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// A channel as its payer sees it: the `channelState` of the wire.
///
/// @param withdrawRequestedAt block time in Unix seconds, 0 when no withdrawal is pending
public record ChannelView(
    ChannelId channelId,
    Amount balance,
    Amount claimed,
    long withdrawRequestedAt,
    BigInteger refundNonce,
    Amount charged) {}
