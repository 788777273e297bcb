package millrace.messaging;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import millrace.messaging.event.Event;
import org.jspecify.annotations.Nullable;

/// An event as it came from Kafka: at least once, in order within its key. Its body is read when
/// somebody asks for it, since most of what a busy channel says is overtaken by its next words.
///
/// Used by one thread at a time.
public final class ReceivedEvent {
  private final UUID id;
  private final Instant at;
  private final String key;
  private final Class<? extends Event> type;
  private final Supplier<Event> body;
  private @Nullable Event event;

  /// @param body makes the event; what it throws is thrown by [#event()]
  public ReceivedEvent(
      UUID id, Instant at, String key, Class<? extends Event> type, Supplier<Event> body) {
    this.id = id;
    this.at = at;
    this.key = key;
    this.type = type;
    this.body = body;
  }

  public ReceivedEvent(UUID id, Instant at, String key, Event event) {
    this(id, at, key, event.getClass(), () -> event);
  }

  /// The same at every repeat.
  public UUID id() {
    return id;
  }

  /// When the publisher stored it.
  public Instant at() {
    return at;
  }

  public String key() {
    return key;
  }

  /// What kind of event it is, told without reading its body.
  public boolean is(Class<? extends Event> kind) {
    return kind.isAssignableFrom(type);
  }

  public Event event() {
    var read = event;
    if (read == null) {
      read = body.get();
      event = read;
    }
    return read;
  }

  @Override
  public String toString() {
    return "%s %s of %s".formatted(type.getSimpleName(), id, key);
  }
}
