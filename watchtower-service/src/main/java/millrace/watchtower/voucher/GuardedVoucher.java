package millrace.watchtower.voucher;

import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// All that a claim of one channel needs.
///
/// @param charged what the hub charged in all; `voucher` covers it
/// @param sequence of the payment it came with
/// @param due what of `charged` is to be claimed
public record GuardedVoucher(
    ChannelId channelId,
    ChannelConfig config,
    SignedVoucher voucher,
    Amount charged,
    long sequence,
    Amount due) {
  /// One of which all that is charged is due.
  public GuardedVoucher(
      ChannelId channelId,
      ChannelConfig config,
      SignedVoucher voucher,
      Amount charged,
      long sequence) {
    this(channelId, config, voucher, charged, sequence, charged);
  }
}
