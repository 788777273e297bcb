package millrace.messaging.outbox;

import millrace.messaging.event.Event;

/// An event and the key within which its order is kept.
public record Outgoing(String key, Event event) {}
