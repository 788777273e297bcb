package millrace.protocol.channel;

import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// The payer's promise: of this channel the receiver may claim up to the ceiling in all.
/// Cumulative, so a newer one replaces an older one; it has no nonce and no expiry.
///
/// @param ceiling `maxClaimableAmount` on the wire
public record Voucher(ChannelId channelId, Amount ceiling) {}
