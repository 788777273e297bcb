package millrace.messaging.event;

import java.time.Instant;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// Published by settlement-service on `millrace.chain.v1`. Facts about a channel are states at a
/// block, so repeats and reordering do no harm.
public sealed interface ChainEvent extends Event {
  /// What a final block says of a channel, keyed by channel.
  record ChannelStateSeen(ChannelId channelId, ChainState state) implements ChainEvent {}

  /// A withdrawal was started in a block that need not be final yet, keyed by channel.
  record WithdrawalSeen(ChannelId channelId, PendingWithdrawal withdrawal) implements ChainEvent {}

  /// A deposit stands in a block that need not be final yet, whoever brought it; keyed by channel.
  ///
  /// @param balance of the channel after it
  record DepositSeen(
      ChannelId channelId, Amount amount, Amount balance, Bytes32 transaction, long block)
      implements ChainEvent {}

  /// The follower has verified the chain up to here, keyed `head`.
  record HeadSeen(long block, Bytes32 hash, long finalBlock, Instant at) implements ChainEvent {}

  /// Claimed money moved from the channel contract into the vault, final; keyed by token.
  /// `logIndex` with `transaction` names the move.
  record SweepSeen(Address token, Amount amount, Bytes32 transaction, int logIndex, long block)
      implements ChainEvent {}
}
