package millrace.messaging.listen;

import java.util.ArrayList;
import java.util.List;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.EventCodec;
import millrace.messaging.PaymentPages;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.UndecodableException;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
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
        listener.onMessage(events.stream().map(Reading::handed).toList(), acknowledgment, consumer);
        return;
      } catch (AssertionError | LinkageError | StackOverflowError e) {
        // An error would end the container, and nobody would listen any more.
        throw new IllegalStateException("the listener failed", e);
      } catch (RuntimeException e) {
        var unreadable = UnreadableBody.in(e).orElseThrow(() -> e);
        deadLetters.put(unreadable.record(), unreadable.reason());
        events.removeIf(event -> event.body() == unreadable.body());
      }
    }
  }

  /// An event as the listener gets it, and what it is made of.
  private record Reading(ConsumerRecord<String, Object> handed, Object body) {}

  private List<Reading> events(List<ConsumerRecord<String, Object>> records) {
    var events = new ArrayList<Reading>(records.size());
    for (var record : records) {
      try {
        events.addAll(read(record));
      } catch (UndecodableException e) {
        deadLetters.put(record, e);
      }
    }
    return events;
  }

  private List<Reading> read(ConsumerRecord<String, Object> record) throws UndecodableException {
    if (!(record.value() instanceof byte[] body)) throw new UndecodableException("no value");
    var attributes = CloudEventHeaders.of(record.headers());
    if (attributes.type().equals(PaymentPages.TYPE)) return page(record, body);
    if (record.key() == null) throw new UndecodableException("no key");
    var type = codec.classOf(attributes.type());
    var event =
        new ReceivedEvent(
            attributes.id(), attributes.time(), record.key(), type, () -> read(record, body, type));
    return List.of(new Reading(withValue(record, event), body));
  }

  /// Payments that travelled together, as if each had come alone.
  private List<Reading> page(ConsumerRecord<String, Object> record, byte[] body)
      throws UndecodableException {
    var events = new ArrayList<Reading>();
    for (var line : PaymentPages.lines(body)) {
      var event =
          ReceivedEvent.ofPage(
              PaymentPages.channelOf(line), () -> read(record, line, PaymentAccepted.class));
      events.add(new Reading(withValue(record, event), line));
    }
    return events;
  }

  private <E extends Event> E read(
      ConsumerRecord<String, Object> record, byte[] body, Class<E> type) {
    try {
      return codec.decode(type, body);
    } catch (UndecodableException e) {
      throw new UnreadableBody(record, body, e);
    }
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
