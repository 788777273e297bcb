package millrace.settlement.chain;

import millrace.protocol.channel.ChainState;
import millrace.protocol.type.ChannelId;

/// A feature that keeps something of a channel's state. Called in the transaction that publishes
/// the news, with the channel's row locked.
public interface StateListener {
  /// In a final block.
  void onState(ChannelId id, ChainState state);

  /// At the head.
  void onWithdrawal(ChannelId id);
}
