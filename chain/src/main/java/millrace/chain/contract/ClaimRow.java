package millrace.chain.contract;

import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;

/// One channel of a claim.
///
/// @param voucher the payer's promise, which must cover `totalClaimed`
/// @param totalClaimed what shall stand in the contract as claimed, in all
public record ClaimRow(ChannelConfig config, SignedVoucher voucher, Amount totalClaimed) {}
