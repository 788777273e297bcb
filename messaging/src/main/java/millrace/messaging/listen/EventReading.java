package millrace.messaging.listen;

import java.util.ArrayList;
import java.util.List;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.EventCodec;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.UndecodableException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.support.Acknowledgment;

/// Stands between Kafka and a listener: turns records into [ReceivedEvent]s and takes out those
/// that are none. What it throws is retried like a failure of the listener.
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
    if (events.isEmpty()) return;
    try {
      listener.onMessage(events, acknowledgment, consumer);
    } catch (AssertionError | LinkageError | StackOverflowError e) {
      // An error would end the container, and nobody would listen any more.
      throw new IllegalStateException("the listener failed", e);
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
    var event = codec.decode(attributes.type(), body);
    return new ReceivedEvent(attributes.id(), attributes.time(), record.key(), event);
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
