package millrace.messaging.event;

/// Something that happened. One sealed branch per topic; each names its publisher.
public sealed interface Event permits ChannelEvent, ChainEvent, SettlementEvent, GuardEvent {}
