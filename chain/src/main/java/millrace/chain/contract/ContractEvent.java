package millrace.chain.contract;

import millrace.chain.rpc.Bytes;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// What the contracts of a hub say in their logs, as far as anybody here listens.
public sealed interface ContractEvent {
  /// Something in the channel contract's books of one channel changed.
  sealed interface OfChannel extends ContractEvent {
    ChannelId channelId();
  }

  /// May come twice for one channel: when it was emptied before anything was claimed.
  record ChannelCreated(ChannelId channelId, ChannelConfig config) implements OfChannel {}

  record Deposited(ChannelId channelId, Address sender, Amount amount, Amount newBalance)
      implements OfChannel {}

  /// Alone or as one row of a batch.
  record Claimed(ChannelId channelId, Address sender, Amount newTotalClaimed)
      implements OfChannel {}

  record Refunded(ChannelId channelId, Address sender, Amount amount) implements OfChannel {}

  record WithdrawInitiated(ChannelId channelId, Amount amount, long finalizeAfterSeconds)
      implements OfChannel {}

  record WithdrawFinalized(ChannelId channelId, Address sender, Amount amount)
      implements OfChannel {}

  /// Claimed tokens went from the channel contract to their receiver.
  record Settled(Address receiver, Address token, Address sender, Amount amount)
      implements ContractEvent {}

  /// The vault left a row of a claim out; `reason` is the error it would have reverted with.
  record RowSkipped(ChannelId channelId, Bytes reason) implements ContractEvent {}

  /// Alone or as one row of a batch that pays nobody; `cumulative` is all the payee was ever
  /// credited.
  record Credited(Address payee, Address token, Amount cumulative) implements ContractEvent {}

  record Paid(Address payee, Address token, Address to, Amount amount) implements ContractEvent {}

  /// One row of a batch that credits and pays: `cumulative` is all the payee was ever credited, and
  /// with this payment it has all of it.
  record PaidInFull(Address payee, Address token, Amount cumulative) implements ContractEvent {}

  /// The token refused to pay; the credit stays in the vault for the payee to fetch.
  record PushFailed(Address payee, Address token) implements ContractEvent {}

  /// The token took an EIP-3009 authorisation, whoever brought it.
  record AuthorizationUsed(Address authorizer, Bytes32 nonce) implements ContractEvent {}
}
