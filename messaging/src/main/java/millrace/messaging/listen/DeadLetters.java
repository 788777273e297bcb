package millrace.messaging.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import millrace.messaging.Topics;
import millrace.messaging.UndecodableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.ProducerFactory;

/// Puts aside records that nobody can read, so that the rest goes on: on `<topic>.dlt`, as they
/// were, with the reason and their place as headers.
final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
  private static final int TIMEOUT_SECONDS = 30;

  private final ProducerFactory<String, byte[]> producers;
  private final MeterRegistry meters;

  /// A batch that fails is read again from its start; what is put aside is not put aside again.
  private final Map<TopicPartition, Long> lastOffsets = new ConcurrentHashMap<>();

  DeadLetters(ProducerFactory<String, byte[]> producers, MeterRegistry meters) {
    this.producers = producers;
    this.meters = meters;
  }

  /// Returns when Kafka has it.
  void put(ConsumerRecord<String, Object> record, UndecodableException reason) {
    var partition = new TopicPartition(record.topic(), record.partition());
    if (record.offset() <= lastOffsets.getOrDefault(partition, -1L)) return;
    LOG.warn("{} at {} is no event we know: {}", partition, record.offset(), reason.getMessage());
    send(letter(record, reason));
    meters.counter("millrace.messaging.undecodable", "topic", record.topic()).increment();
    lastOffsets.put(partition, record.offset());
  }

  private static ProducerRecord<String, byte[]> letter(
      ConsumerRecord<String, Object> record, UndecodableException reason) {
    var body = record.value() instanceof byte[] bytes ? bytes : null;
    var topic = Topics.deadLettersOf(record.topic());
    var letter =
        new ProducerRecord<String, byte[]>(topic, null, record.key(), body, record.headers());
    letter.headers().add("millrace_reason", String.valueOf(reason.getMessage()).getBytes(UTF_8));
    letter
        .headers()
        .add("millrace_place", (record.partition() + "/" + record.offset()).getBytes(UTF_8));
    return letter;
  }

  private void send(ProducerRecord<String, byte[]> letter) {
    try (var producer = producers.createProducer()) {
      var _ = producer.send(letter).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("cannot put a record on " + letter.topic(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted before a record was on " + letter.topic(), e);
    }
  }
}
