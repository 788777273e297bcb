package millrace.messaging;

import java.time.Instant;
import java.util.UUID;
import millrace.messaging.event.Event;

/// An event as it came from Kafka: at least once, in order within its key.
///
/// @param id the same at every repeat
/// @param at when the publisher stored it
public record ReceivedEvent(UUID id, Instant at, String key, Event event) {}
