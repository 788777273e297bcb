package millrace.messaging.outbox;

import java.time.Instant;
import java.util.UUID;

/// A stored event, ready to be sent as it is.
record OutboxRow(
    long id, UUID eventId, String topic, String key, String type, String body, Instant at) {}
