package millrace.watchtower.voucher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import millrace.testkit.TestKafka;
import millrace.watchtower.TowerDatabase;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Where a consumer begins to which Kafka says that it has read six of ten records.
class TopicPositionsIT {
  private static final int RECORDS = 10;
  private static final long COMMITTED = 6;

  private final JdbcClient jdbc = JdbcClient.create(TowerDatabase.fresh());
  private final TopicPositions positions = new TopicPositions(jdbc);
  private final String topic = TestKafka.uniqueName("positions");
  private final TopicPartition partition = new TopicPartition(topic, 0);

  @Test
  void whereTheDatabaseIsIfThatIsEarlier() throws Exception {
    read(4);
    assertThat(firstOffset()).isEqualTo(4);
  }

  @Test
  void whereKafkaIsIfThatIsEarlier() throws Exception {
    read(9);
    assertThat(firstOffset()).isEqualTo(COMMITTED);
  }

  @Test
  void atTheBeginningIfTheDatabaseKnowsNothing() throws Exception {
    assertThat(firstOffset()).isZero();
  }

  @Test
  void atTheBeginningIfTheDatabaseCannotTell() throws Exception {
    read(4);
    jdbc.sql("DROP TABLE topic_position").update();
    assertThat(firstOffset()).isZero();
  }

  @Test
  void theLastOfABatchCountsForEachPartition() {
    positions.read("other", List.of(0, 1, 0, 1), List.of(7L, 3L, 8L, 4L));
    positions.read("other", List.of(1), List.of(5L));
    assertThat(
            jdbc.sql("SELECT next_offset FROM topic_position ORDER BY part")
                .query(Long.class)
                .list())
        .containsExactly(9L, 6L);
  }

  /// As many records from the beginning.
  private void read(int records) {
    positions.read(
        topic,
        Stream.generate(() -> 0).limit(records).toList(),
        LongStream.range(0, records).boxed().toList());
  }

  private long firstOffset() throws ExecutionException, InterruptedException {
    TestKafka.createTopicIfMissing(topic, 1);
    var servers = TestKafka.bootstrapServers();
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", servers),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < RECORDS; i++) producer.send(new ProducerRecord<>(topic, "a")).get();
    }
    var config =
        Map.<String, Object>of(
            "bootstrap.servers",
            servers,
            "group.id",
            topic,
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest");
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(COMMITTED)));
      consumer.subscribe(List.of(topic), listener(consumer));
      var records = consumer.poll(Duration.ZERO);
      while (records.isEmpty()) records = consumer.poll(Duration.ofSeconds(1));
      return records.iterator().next().offset();
    }
  }

  private ConsumerRebalanceListener listener(KafkaConsumer<?, ?> consumer) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        positions.onPartitionsAssigned(consumer, partitions);
      }
    };
  }
}
