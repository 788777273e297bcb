package millrace.messaging;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.Event;
import org.jspecify.annotations.Nullable;

/// An event as it came from Kafka: at least once, in order within its key. Its body is read when
/// somebody asks for it, since most of what a busy channel says is overtaken by its next words.
///
/// Used by one thread at a time.
public final class ReceivedEvent {
  private final @Nullable UUID id;
  private final @Nullable Instant at;
  private final String key;
  private final Class<? extends Event> type;
  private final Supplier<? extends Event> body;
  private @Nullable Event event;

  /// @param body makes the event; what it throws is thrown by [#event()]
  public ReceivedEvent(
      UUID id, Instant at, String key, Class<? extends Event> type, Supplier<Event> body) {
    this(id, at, key, body, type);
  }

  private ReceivedEvent(
      @Nullable UUID id,
      @Nullable Instant at,
      String key,
      Supplier<? extends Event> body,
      Class<? extends Event> type) {
    this.id = id;
    this.at = at;
    this.key = key;
    this.type = type;
    this.body = body;
  }

  public ReceivedEvent(UUID id, Instant at, String key, Event event) {
    this(id, at, key, event.getClass(), () -> event);
  }

  /// A payment that came with others in one record. A repeat may come in other company, so its id
  /// and time are its own and not the record's.
  public static ReceivedEvent ofPage(String key, Supplier<PaymentAccepted> body) {
    return new ReceivedEvent(null, null, key, body, PaymentAccepted.class);
  }

  /// The same at every repeat.
  public UUID id() {
    return id == null ? PaymentPages.idOf(payment()) : id;
  }

  /// When the publisher stored it.
  public Instant at() {
    return at == null ? payment().at() : at;
  }

  private PaymentAccepted payment() {
    if (event() instanceof PaymentAccepted payment) return payment;
    throw new IllegalStateException("only payments come in pages");
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
    return "%s %s of %s".formatted(type.getSimpleName(), id == null ? "in a page" : id, key);
  }
}
