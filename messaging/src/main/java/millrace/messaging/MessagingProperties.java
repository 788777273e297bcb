package millrace.messaging;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How a service uses Kafka, beside what `spring.kafka.*` says.
///
/// @param partitions of topics that do not exist yet
/// @param replication of topics that do not exist yet
/// @param pageRows how many outbox rows are under way at once, and how many records a listener gets
/// @param pollInterval how often the outbox is looked at when nothing woke the relay
/// @param linger how long the relay lets events gather after a page that was not full: readers
///     pay for every page, however small
/// @param ackTimeout how long Kafka may take to acknowledge a page before another relay may try
@ConfigurationProperties("millrace.messaging")
public record MessagingProperties(
    @DefaultValue("6") int partitions,
    @DefaultValue("1") short replication,
    @DefaultValue("500") int pageRows,
    @DefaultValue("100ms") Duration pollInterval,
    @DefaultValue("200ms") Duration linger,
    @DefaultValue("15s") Duration ackTimeout) {
  public MessagingProperties {
    atLeastOne(partitions, "partitions");
    atLeastOne(replication, "replication");
    atLeastOne(pageRows, "page-rows");
    positive(pollInterval, "poll-interval");
    positive(linger, "linger");
    positive(ackTimeout, "ack-timeout");
  }

  private static void atLeastOne(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException("millrace.messaging." + name + " must be at least 1");
    }
  }

  private static void positive(Duration value, String name) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("millrace.messaging." + name + " must be positive");
    }
  }
}
