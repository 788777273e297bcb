package millrace.channel.book;

import millrace.messaging.command.ChannelView;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.Channel;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.Withdrawing;
import millrace.protocol.type.ChannelId;

/// A channel as it is stored.
///
/// @param opened whether it was ever seen funded, and so announced
public record ChannelRow(ChannelId id, ChannelConfig config, Channel channel, boolean opened) {
  public Account account() {
    return channel.account();
  }

  public ChannelRow with(Channel next) {
    return new ChannelRow(id, config, next, opened);
  }

  /// The channel as its payer may see it.
  public ChannelView view() {
    var account = account();
    long requestedAt =
        channel instanceof Withdrawing(_, var withdrawal)
            ? withdrawal.finalizeAfterSeconds() - config.withdrawDelaySeconds()
            : 0;
    return new ChannelView(
        id,
        account.covered(),
        account.claimed(),
        requestedAt,
        account.refundNonce(),
        account.charged());
  }
}
