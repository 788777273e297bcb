package millrace.channel;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import millrace.messaging.MessagingJson;
import millrace.messaging.PaymentPages;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.ChannelId;
import millrace.testkit.TestKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/// What stands in Kafka of the service's own events.
final class PublishedEvents {
  private PublishedEvents() {}

  /// The bodies of this type under this key, in their order, once the outbox has nothing left.
  static List<String> of(TestHub hub, String key, String type) {
    await().atMost(Duration.ofSeconds(60)).until(() -> isOutboxEmpty(hub));
    var seen = new HashSet<String>();
    return records().stream()
        .filter(record -> key.equals(record.key()))
        .filter(record -> header(record, "ce_type").contains("." + type + "."))
        .filter(record -> seen.add(header(record, "ce_id")))
        .map(ConsumerRecord::value)
        .toList();
  }

  /// The payments of a channel, in their order.
  static List<PaymentAccepted> payments(TestHub hub, ChannelId channel) {
    await().atMost(Duration.ofSeconds(60)).until(() -> isOutboxEmpty(hub));
    return records().stream()
        .filter(record -> header(record, "ce_type").equals(PaymentPages.TYPE))
        .flatMap(record -> record.value().lines())
        .map(line -> MessagingJson.mapper().readValue(line, PaymentAccepted.class))
        .filter(payment -> payment.channelId().equals(channel))
        .distinct()
        .toList();
  }

  private static boolean isOutboxEmpty(TestHub hub) {
    return hub.sql().sql("SELECT count(*) FROM outbox").query(Long.class).single() == 0;
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static List<ConsumerRecord<String, String>> records() {
    Map<String, Object> config = Map.of("bootstrap.servers", TestKafka.bootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      var partitions =
          consumer.partitionsFor(Topics.CHANNELS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      var records = new ArrayList<ConsumerRecord<String, String>>();
      while (partitions.stream()
          .anyMatch(it -> consumer.position(it) < ends.getOrDefault(it, 0L))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }
}
