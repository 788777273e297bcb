package millrace.testkit;

import java.util.concurrent.atomic.AtomicInteger;
import millrace.embedded.LocalKafka;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.kafka.KafkaContainer;

/// The Kafka broker of this JVM's tests. Topics are not made by themselves. Tests of one JVM share
/// the topics of that name, so a test reads with a group of its own and looks for its own keys, or
/// uses [#uniqueName].
public final class TestKafka {
  private static final Logger LOG = LoggerFactory.getLogger(TestKafka.class);
  private static final String IMAGE = "apache/kafka:4.2.1";
  private static final AtomicInteger NAMES = new AtomicInteger();

  private TestKafka() {}

  public static String bootstrapServers() {
    return Shared.SERVERS;
  }

  public static void createTopicIfMissing(String name, int partitions) {
    LocalKafka.createTopicIfMissing(Shared.SERVERS, name, partitions);
  }

  /// A topic, group or client id that no other test of this JVM uses.
  public static String uniqueName(String prefix) {
    return prefix + "-" + NAMES.incrementAndGet();
  }

  /// Started by the first test that asks.
  private static final class Shared {
    static final String SERVERS = Docker.answers() ? container() : embedded();

    /// It ends with the JVM and without goodbye: nobody will read its log again.
    private static String embedded() {
      LOG.info("integration tests use embedded Kafka, because {}", Docker.reason());
      return LocalKafka.in(Scratch.directory("kafka")).stoppedByCaller().start().bootstrapServers();
    }

    @SuppressWarnings("resource") // Testcontainers removes it after the end of the JVM.
    private static String container() {
      LOG.info("integration tests use the container {}", IMAGE);
      var kafka = new KafkaContainer(IMAGE);
      kafka.withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
      kafka.start();
      return kafka.getBootstrapServers();
    }
  }
}
