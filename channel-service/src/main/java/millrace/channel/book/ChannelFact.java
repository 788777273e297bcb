package millrace.channel.book;

import millrace.protocol.channel.Input.Fact;
import millrace.protocol.type.ChannelId;

/// Something that happened to a channel outside this service. A channel never refuses it.
public record ChannelFact(ChannelId channelId, Fact fact) {}
