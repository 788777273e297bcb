package millrace.settlement.chain;

import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.ChannelId;

/// A channel that pays this hub's vault.
public record KnownChannel(ChannelId id, ChannelConfig config) {
  public ChannelKey key() {
    return new ChannelKey(id, config.withdrawDelaySeconds());
  }
}
