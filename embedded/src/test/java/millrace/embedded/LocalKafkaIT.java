package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaIT {
  private static final String TOPIC = "vouchers";
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void keepsItsMessagesAcrossARestart() throws Exception {
    try (var kafka = LocalKafka.in(directory).start()) {
      kafka.createTopicIfMissing(TOPIC, 3);
      kafka.createTopicIfMissing(TOPIC, 3);
      send(kafka.bootstrapServers(), "first");
      kafka.restart();
      send(kafka.bootstrapServers(), "second");
      assertThat(read(kafka.bootstrapServers(), 2)).containsExactlyInAnyOrder("first", "second");
    }
  }

  @Test
  void startsAgainOnTheSameDirectoryAfterAKill() throws Exception {
    try (var broker = JavaProcess.start(KafkaMain.class, "--dir", directory.toString())) {
      var address = broker.awaitLine("ready ").substring("ready ".length());
      LocalKafka.createTopicIfMissing(address, TOPIC, 1);
      send(address, "before the kill");
    }
    try (var kafka = LocalKafka.in(directory).start()) {
      send(kafka.bootstrapServers(), "after the kill");
      assertThat(read(kafka.bootstrapServers(), 2))
          .containsExactlyInAnyOrder("before the kill", "after the kill");
    }
  }

  private static void send(String servers, String message) throws Exception {
    var config = Map.<String, Object>of("bootstrap.servers", servers, "acks", "all");
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, message, message)).get();
    }
  }

  private static List<String> read(String servers, int count) {
    var config =
        Map.<String, Object>of(
            "bootstrap.servers", servers, "group.id", "test", "auto.offset.reset", "earliest");
    var messages = new ArrayList<String>();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      var deadline = Instant.now().plus(TIMEOUT);
      while (messages.size() < count && Instant.now().isBefore(deadline)) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> messages.add(record.value()));
      }
    }
    return messages;
  }
}
