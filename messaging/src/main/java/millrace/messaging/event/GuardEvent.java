package millrace.messaging.event;

import java.time.Instant;
import java.util.List;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// Published by watchtower-service on `millrace.guard.v1`.
public sealed interface GuardEvent extends Event {
  /// The tower holds these vouchers, durably: the newest of every channel that it has just heard
  /// of. Keyed by [#VOUCHERS], since one event tells of many channels.
  record VouchersGuarded(List<Guarded> vouchers, Instant at) implements GuardEvent {}

  record Guarded(ChannelId channelId, long sequence, Amount charged) {}

  String VOUCHERS = "vouchers";

  /// The tower's claim against a withdrawal is in a final block. Keyed by channel.
  ///
  /// @param ceiling of the voucher it published
  record WithdrawalAnswered(
      ChannelId channelId, Amount totalClaimed, Amount ceiling, Bytes32 transaction, Instant at)
      implements GuardEvent {}
}
