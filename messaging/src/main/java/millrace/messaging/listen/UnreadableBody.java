package millrace.messaging.listen;

import java.util.Optional;
import millrace.messaging.UndecodableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Thrown in the middle of a listener that asked for an event whose body is none.
final class UnreadableBody extends RuntimeException {
  private final transient ConsumerRecord<String, Object> record;
  private final transient byte[] body;
  private final UndecodableException reason;

  /// @param body the value of the record, or its part that could not be read
  UnreadableBody(ConsumerRecord<String, Object> record, byte[] body, UndecodableException reason) {
    super(reason);
    this.record = record;
    this.body = body;
    this.reason = reason;
  }

  /// The one that made a listener fail, however often its exception was wrapped since.
  static Optional<UnreadableBody> in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnreadableBody unreadable) return Optional.of(unreadable);
    }
    return Optional.empty();
  }

  ConsumerRecord<String, Object> record() {
    return record;
  }

  byte[] body() {
    return body;
  }

  UndecodableException reason() {
    return reason;
  }
}
