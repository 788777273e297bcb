package millrace.messaging.listen;

import java.util.ArrayList;
import java.util.List;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.EventCodec;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.UndecodableException;
import millrace.messaging.event.Event;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.support.Acknowledgment;

/// Stands between Kafka and a listener: turns records into [ReceivedEvent]s and takes out those
/// that are none, either at once or when the listener meets a body that it cannot read. What it
/// throws is retried like a failure of the listener.
final class EventReading implements BatchAcknowledgingConsumerAwareMessageListener<String, Object> {
  private final EventCodec codec;
  private final DeadLetters deadLetters;
  private final BatchAcknowledgingConsumerAwareMessageListener<String, Object> listener;

  EventReading(
      EventCodec codec,
      DeadLetters deadLetters,
      BatchAcknowledgingConsumerAwareMessageListener<String, Object> listener) {
    this.codec = codec;
    this.deadLetters = deadLetters;
    this.listener = listener;
  }

  @Override
  public void onMessage(
      List<ConsumerRecord<String, Object>> records,
      @Nullable Acknowledgment acknowledgment,
      @Nullable Consumer<?, ?> consumer) {
    var events = events(records);
    while (!events.isEmpty()) {
      try {
        listener.onMessage(List.copyOf(events), acknowledgment, consumer);
        return;
      } catch (AssertionError | LinkageError | StackOverflowError e) {
        // An error would end the container, and nobody would listen any more.
        throw new IllegalStateException("the listener failed", e);
      } catch (RuntimeException e) {
        var unreadable = UnreadableBody.in(e).orElseThrow(() -> e);
        deadLetters.put(unreadable.record(), unreadable.reason());
        events.removeIf(event -> isAt(unreadable.record(), event));
      }
    }
  }

  private List<ConsumerRecord<String, Object>> events(
      List<ConsumerRecord<String, Object>> records) {
    var events = new ArrayList<ConsumerRecord<String, Object>>(records.size());
    for (var record : records) {
      try {
        events.add(withValue(record, read(record)));
      } catch (UndecodableException e) {
        deadLetters.put(record, e);
      }
    }
    return events;
  }

  private ReceivedEvent read(ConsumerRecord<String, Object> record) throws UndecodableException {
    if (!(record.value() instanceof byte[] body)) throw new UndecodableException("no value");
    if (record.key() == null) throw new UndecodableException("no key");
    var attributes = CloudEventHeaders.of(record.headers());
    var type = codec.classOf(attributes.type());
    return new ReceivedEvent(
        attributes.id(), attributes.time(), record.key(), type, () -> read(record, body, type));
  }

  private Event read(
      ConsumerRecord<String, Object> record, byte[] body, Class<? extends Event> type) {
    try {
      return codec.decode(type, body);
    } catch (UndecodableException e) {
      throw new UnreadableBody(record, e);
    }
  }

  private static boolean isAt(
      ConsumerRecord<String, Object> one, ConsumerRecord<String, Object> other) {
    return one.offset() == other.offset()
        && one.partition() == other.partition()
        && one.topic().equals(other.topic());
  }

  private static ConsumerRecord<String, Object> withValue(
      ConsumerRecord<String, Object> record, ReceivedEvent event) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        record.key(),
        event,
        record.headers(),
        record.leaderEpoch());
  }
}
