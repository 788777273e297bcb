package millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import millrace.messaging.CloudEventHeaders;
import millrace.messaging.EventCodec;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent.ChannelOpened;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.Event;
import millrace.testkit.TestKafka;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Publishes events as the services that own them do.
final class TestEvents implements AutoCloseable {
  private final EventCodec codec = new EventCodec();
  private final KafkaProducer<String, byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", TestKafka.bootstrapServers(), "acks", "all"),
          new StringSerializer(),
          new ByteArraySerializer());

  void publish(Event event) {
    publish(new ReceivedEvent(UUID.randomUUID(), Instant.now(), "", event));
  }

  void publish(ReceivedEvent received) {
    var event = received.event();
    var record =
        new ProducerRecord<>(Topics.of(event), key(event), codec.encode(event).getBytes(UTF_8));
    new CloudEventHeaders(received.id(), codec.typeOf(event), received.at())
        .writeTo(record.headers(), Topics.of(event));
    try {
      producer.send(record).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String key(Event event) {
    return switch (event) {
      case PaymentAccepted paid -> paid.channelId().toString();
      case ChannelOpened opened -> opened.channelId().toString();
      default -> "other";
    };
  }

  @Override
  public void close() {
    producer.close();
  }
}
