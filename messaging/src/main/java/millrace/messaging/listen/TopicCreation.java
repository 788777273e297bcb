package millrace.messaging.listen;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import millrace.messaging.MessagingProperties;
import millrace.messaging.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Makes the topics that are missing, in the background and for as long as it takes: a service
/// starts without Kafka too.
final class TopicCreation implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Map<String, Object> adminConfig;
  private final MessagingProperties properties;
  private volatile @Nullable Thread thread;

  TopicCreation(Map<String, Object> adminConfig, MessagingProperties properties) {
    this.adminConfig = adminConfig;
    this.properties = properties;
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("topic-creation").start(this::run);
  }

  private void run() {
    try {
      while (!create()) Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      LOG.debug("Stopped before all topics were made", e);
    }
  }

  private boolean create() throws InterruptedException {
    try (var admin = Admin.create(adminConfig)) {
      for (var result : admin.createTopics(topics()).values().values()) {
        try {
          result.get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) throw e;
        }
      }
      return true;
    } catch (ExecutionException | KafkaException e) {
      LOG.warn("Kafka's topics cannot be made yet: {}", e.toString());
      return false;
    }
  }

  private List<NewTopic> topics() {
    return Topics.ALL.stream()
        .flatMap(topic -> Stream.of(topic, Topics.deadLettersOf(topic)))
        .map(name -> new NewTopic(name, properties.partitions(), properties.replication()))
        .toList();
  }

  @Override
  public void stop() {
    var running = thread;
    if (running != null) running.interrupt();
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /// Before the listeners and the relay.
  @Override
  public int getPhase() {
    return 0;
  }
}
