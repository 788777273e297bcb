package millrace.messaging.command;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// A channel as those may see it who are paid from it, from `POST /internal/channels/standings`.
///
/// @param guarded up to which charge the watchtower holds a voucher
/// @param exposed what is charged, and neither guarded nor claimed
/// @param returned what of `charged` merchants gave back on chain; absent when nothing
/// @param createdAt when channel-service first knew it; absent from one that does not say yet
public record ChannelStanding(
    ChannelId channelId,
    Address payer,
    Address token,
    Status status,
    Amount balance,
    Amount claimed,
    Amount charged,
    Amount guarded,
    Amount exposed,
    Optional<Amount> returned,
    Optional<Instant> createdAt) {
  /// One of which nothing was returned, and nobody says since when there is it.
  public ChannelStanding(
      ChannelId channelId,
      Address payer,
      Address token,
      Status status,
      Amount balance,
      Amount claimed,
      Amount charged,
      Amount guarded,
      Amount exposed) {
    this(
        channelId,
        payer,
        token,
        status,
        balance,
        claimed,
        charged,
        guarded,
        exposed,
        Optional.empty(),
        Optional.empty());
  }

  public enum Status {
    /// No deposit is final yet.
    OPENING,
    OPEN,
    /// The payer has started to leave; payments are refused.
    FROZEN,
    /// The chain holds less than the payer owes.
    UNDERFUNDED,
    /// The hub does not know the channel's history, and takes nothing from it.
    LOST,
    /// Nothing is left in it. Another deposit opens it again.
    CLOSED
  }
}
