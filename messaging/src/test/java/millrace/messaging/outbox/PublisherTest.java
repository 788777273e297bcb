package millrace.messaging.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import millrace.messaging.PaymentPages;
import millrace.messaging.Topics;
import millrace.messaging.outbox.Publisher.Outcome;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class PublisherTest {
  private final List<MockProducer<String, byte[]>> producers = new CopyOnWriteArrayList<>();

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

  @Test
  void paymentsOfAPartitionShareARecordUntilAnotherEventOfTheirsComes() throws Exception {
    try (var publisher = publisher(Duration.ofSeconds(20))) {
      producers.add(producer(cluster(1)));
      var rows = List.of(page(1, "a", "b"), page(2, "a"), row(3, "b"), page(4, "b"));
      var outcome = inBackground(publisher, rows);
      var producer = producerWith(3);
      while (producer.completeNext()) {
        // The next.
      }
      assertThat(ids(outcome.get())).containsExactly(1L, 2L, 3L, 4L);
      assertThat(producer.history().stream().map(it -> new String(it.value(), UTF_8)))
          .containsExactly("{a1}\n{b1}\n{a2}\n", "{}", "{b4}\n");
    }
  }

  @Test
  void aPaymentGoesWhereOtherEventsOfItsChannelGo() throws Exception {
    try (var publisher = publisher(Duration.ofSeconds(20))) {
      producers.add(producer(cluster(6)));
      var keys = Stream.iterate(1, it -> it + 1).limit(40).map(it -> "key" + it).toList();
      var rows = List.of(page(1, keys.toArray(String[]::new)));
      var outcome = inBackground(publisher, rows);
      var producer = producerWith(6);
      while (producer.completeNext()) {
        // The next.
      }
      assertThat(ids(outcome.get())).containsExactly(1L);
      assertThat(producer.history()).hasSize(6);
      for (var record : producer.history()) {
        var lines = new String(record.value(), UTF_8).lines().toList();
        assertThat(lines)
            .allMatch(
                line ->
                    BuiltInPartitioner.partitionForKey(
                            line.substring(1, line.length() - 2).getBytes(UTF_8), 6)
                        == record.partition());
      }
    }
  }

  /// Else the older payment, repeated, would be the last that is heard of the channel.
  @Test
  void aRowIsRepeatedAfterAnEarlierOneOfTheSameChannelThatCameThroughOnlyInPart() throws Exception {
    try (var publisher = publisher(Duration.ofSeconds(20))) {
      producers.add(producer(cluster(6)));
      assertThat(partition("key1")).isLessThan(partition("key2"));
      var rows = List.of(page(1, "key1", "key2"), page(2, "key1"));
      var outcome = inBackground(publisher, rows);
      var producer = producerWith(2);
      assertThat(producer.history().getFirst().partition()).isEqualTo(partition("key1"));
      producer.completeNext();
      producer.errorNext(new TimeoutException("no leader"));
      assertThat(ids(outcome.get())).isEmpty();
      assertThat(outcome.get().failure()).isPresent();
    }
  }

  private static int partition(String key) {
    return BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), 6);
  }

  private static Cluster cluster(int partitions) {
    var node = new Node(1, "localhost", 1);
    var nodes = new Node[] {node};
    var infos =
        IntStream.range(0, partitions)
            .mapToObj(it -> new PartitionInfo(Topics.CHANNELS, it, node, nodes, nodes))
            .toList();
    return new Cluster("test", List.of(node), infos, Set.of(), Set.of());
  }

  private static OutboxRow page(long id, String... keys) {
    var body =
        Stream.of(keys).map(key -> key + " {" + key + id + "}\n").collect(Collectors.joining());
    return new OutboxRow(
        id, new UUID(0, id), Topics.CHANNELS, "", PaymentPages.TYPE, body, Instant.EPOCH);
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
    return producer(Cluster.empty());
  }

  private static MockProducer<String, byte[]> producer(Cluster cluster) {
    return new MockProducer<>(
        cluster,
        false,
        new RoundRobinPartitioner(),
        new StringSerializer(),
        new ByteArraySerializer());
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
