package millrace.messaging.event;

import java.time.Instant;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// Published by watchtower-service on `millrace.guard.v1`, keyed by channel.
public sealed interface GuardEvent extends Event {
  /// The tower holds the voucher of this sequence, durably.
  record VoucherGuarded(ChannelId channelId, long sequence, Amount charged, Instant at)
      implements GuardEvent {}

  /// The tower's claim against a withdrawal is in a block.
  ///
  /// @param ceiling of the voucher it published
  record WithdrawalAnswered(
      ChannelId channelId, Amount totalClaimed, Amount ceiling, Bytes32 transaction, Instant at)
      implements GuardEvent {}
}
