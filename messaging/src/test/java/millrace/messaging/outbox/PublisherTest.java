package millrace.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import millrace.messaging.Topics;
import millrace.messaging.outbox.Publisher.Outcome;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class PublisherTest {
  private final List<MockProducer<String, byte[]>> producers = new ArrayList<>();

  @Test
  void whatComesAfterAFailureOfItsKeyStaysToBeSentAgain() throws Exception {
    try (var publisher = publisher(Duration.ofSeconds(20))) {
      var page = List.of(row(1, "a"), row(2, "b"), row(3, "a"), row(4, "b"), row(5, "c"));
      var outcome = inBackground(publisher, page);
      var producer = producerWith(5);
      producer.completeNext();
      producer.errorNext(new TimeoutException("no leader"));
      producer.completeNext();
      producer.completeNext();
      producer.completeNext();
      assertThat(ids(outcome.get())).containsExactly(1L, 3L, 5L);
      assertThat(outcome.get().failure()).isPresent();
    }
  }

  @Test
  void aProducerThatFailedIsThrownAwayWithAllItHasNotSent() throws Exception {
    try (var publisher = publisher(Duration.ofMillis(50))) {
      var outcome = publisher.publish(List.of(row(1, "a"), row(2, "a")));
      assertThat(outcome.acknowledged()).isEmpty();
      assertThat(outcome.failure()).isPresent();
      assertThat(producers.getFirst().closed()).isTrue();
      var again = inBackground(publisher, List.of(row(1, "a")));
      while (producers.size() < 2) Thread.sleep(1);
      while (!producers.get(1).completeNext()) Thread.sleep(1);
      // The page may have waited longer than the short deadline; what counts is a fresh producer.
      assertThat(again.get().acknowledged().size()).isLessThanOrEqualTo(1);
      assertThat(producers).hasSize(2);
    }
  }

  @Test
  void nothingIsSentAfterARecordThatTheProducerRefuses() throws Exception {
    try (var publisher = publisher(Duration.ofSeconds(20))) {
      var refusing = producer();
      refusing.sendException = new RecordTooLargeException("too large");
      producers.add(refusing);
      var outcome = publisher.publish(List.of(row(1, "a"), row(2, "b")));
      assertThat(outcome.acknowledged()).isEmpty();
      assertThat(outcome.failure()).isPresent();
      assertThat(refusing.history()).isEmpty();
      assertThat(refusing.closed()).isTrue();
    }
  }

  private Publisher publisher(Duration timeout) {
    var taken = new int[1];
    return new Publisher(
        () -> {
          if (taken[0] == producers.size()) producers.add(producer());
          return producers.get(taken[0]++);
        },
        timeout);
  }

  private static MockProducer<String, byte[]> producer() {
    return new MockProducer<>(
        false, new RoundRobinPartitioner(), new StringSerializer(), new ByteArraySerializer());
  }

  private MockProducer<String, byte[]> producerWith(int records) throws InterruptedException {
    while (producers.isEmpty() || producers.getFirst().history().size() < records) Thread.sleep(1);
    return producers.getFirst();
  }

  private static CompletableFuture<Outcome> inBackground(
      Publisher publisher, List<OutboxRow> page) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return publisher.publish(page);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static List<Long> ids(Outcome outcome) {
    return outcome.acknowledged().stream().map(OutboxRow::id).toList();
  }

  private static OutboxRow row(long id, String key) {
    return new OutboxRow(
        id, new UUID(0, id), Topics.GUARD, key, "millrace.guard.test.v1", "{}", Instant.EPOCH);
  }
}
