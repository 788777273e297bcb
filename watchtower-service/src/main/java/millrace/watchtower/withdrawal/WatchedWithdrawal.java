package millrace.watchtower.withdrawal;

import java.time.Instant;
import millrace.protocol.type.ChannelId;

/// A note that a payer leaves.
///
/// @param revision what is worked out from this note is void once it is another one
record WatchedWithdrawal(
    ChannelId channelId,
    long finalizeAfterSeconds,
    long seenBlock,
    Instant seenAt,
    long revision) {}
