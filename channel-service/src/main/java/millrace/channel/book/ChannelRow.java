package millrace.channel.book;

import java.time.Instant;
import java.util.Optional;
import millrace.messaging.command.ChannelStanding;
import millrace.messaging.command.ChannelView;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.Channel;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.Lost;
import millrace.protocol.channel.Open;
import millrace.protocol.channel.Opening;
import millrace.protocol.channel.Underfunded;
import millrace.protocol.channel.Withdrawing;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// A channel as it is stored.
///
/// @param opened whether it was ever seen funded, and so announced
/// @param guarded up to which charge the tower holds a voucher
public record ChannelRow(
    ChannelId id, ChannelConfig config, Channel channel, boolean opened, Amount guarded) {
  public Account account() {
    return channel.account();
  }

  public ChannelRow with(Channel next) {
    return new ChannelRow(id, config, next, opened, guarded);
  }

  ChannelRow announced() {
    return new ChannelRow(id, config, channel, true, guarded);
  }

  /// What nobody can take back: claimed, or in the tower's hands.
  public Amount safe() {
    return account().claimed().max(guarded);
  }

  /// The channel as those may see it who are paid from it.
  ChannelStanding standing(Instant createdAt) {
    var account = account();
    return new ChannelStanding(
        id,
        config.payer(),
        config.token(),
        status(),
        account.covered(),
        account.claimed(),
        account.charged(),
        guarded,
        account.charged().minusOrZero(safe()),
        Optional.of(account.returned()).filter(returned -> !returned.isZero()),
        Optional.of(createdAt));
  }

  private ChannelStanding.Status status() {
    return switch (channel) {
      case Opening _ -> ChannelStanding.Status.OPENING;
      case Open _ ->
          account().covered().isZero()
              ? ChannelStanding.Status.CLOSED
              : ChannelStanding.Status.OPEN;
      case Withdrawing _ -> ChannelStanding.Status.FROZEN;
      case Underfunded _ -> ChannelStanding.Status.UNDERFUNDED;
      case Lost _ -> ChannelStanding.Status.LOST;
    };
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
