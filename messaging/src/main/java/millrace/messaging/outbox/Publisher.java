package millrace.messaging.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Sends pages of rows to Kafka and tells which of them Kafka has. One thread only.
///
/// The producer itself never gives up on a record, for when it does it may still deliver later
/// ones. Instead we give up on the whole producer and throw it away with all that it has not sent,
/// so that nothing can overtake what failed.
final class Publisher implements AutoCloseable {
  private final Supplier<Producer<String, byte[]>> producers;
  private final Duration ackTimeout;
  private @Nullable Producer<String, byte[]> producer;

  Publisher(Supplier<Producer<String, byte[]>> producers, Duration ackTimeout) {
    this.producers = producers;
    this.ackTimeout = ackTimeout;
  }

  /// @param acknowledged rows that may be deleted: Kafka has them, and no row of the same key
  ///     before them is missing
  record Outcome(List<OutboxRow> acknowledged, Optional<Exception> failure) {}

  private record Sent(Letter letter, Future<RecordMetadata> future) {}

  Outcome publish(List<OutboxRow> page) throws InterruptedException {
    var sent = new ArrayList<Sent>();
    var failed = new ArrayList<Letter>();
    var all = new ArrayList<Letter>();
    Exception failure = send(page, all, sent);
    failed.addAll(all.subList(sent.size(), all.size()));
    var deadline = System.nanoTime() + ackTimeout.toNanos();
    for (var it : sent) {
      try {
        await(it.future(), deadline);
      } catch (ExecutionException | TimeoutException e) {
        if (failure == null) failure = e;
        failed.add(it.letter());
        close();
      }
    }
    if (failure == null) return new Outcome(page, Optional.empty());
    close();
    return new Outcome(all.isEmpty() ? List.of() : rest(page, all, failed), Optional.of(failure));
  }

  /// Stops at the first record that the producer does not take.
  private @Nullable Exception send(List<OutboxRow> page, List<Letter> all, List<Sent> sent) {
    try {
      var to = producer();
      all.addAll(Letters.of(page, topic -> to.partitionsFor(topic).size()));
      for (var letter : all) {
        var future = to.send(letter.record());
        if (future.state() == Future.State.FAILED) {
          return new KafkaException("the producer refused a record", future.exceptionNow());
        }
        sent.add(new Sent(letter, future));
      }
      return null;
    } catch (KafkaException e) {
      return e;
    }
  }

  /// The rows without those that failed and without those that have a key in common with one of
  /// them before: these have to be repeated after it, or the last that is heard of a key would not
  /// be the newest.
  private static List<OutboxRow> rest(
      List<OutboxRow> page, List<Letter> all, List<Letter> failedLetters) {
    var keys = new HashMap<Long, Set<String>>();
    for (var letter : all) {
      letter.keys().forEach((row, in) -> keys.merge(row, in, Publisher::union));
    }
    var failed = new HashSet<Long>();
    failedLetters.forEach(letter -> failed.addAll(letter.keys().keySet()));
    var missing = new HashSet<String>();
    var rest = new ArrayList<OutboxRow>(page.size());
    for (var row : page) {
      var own = keys.getOrDefault(row.id(), Set.of());
      if (failed.contains(row.id()) || own.stream().anyMatch(missing::contains)) {
        missing.addAll(own);
      } else {
        rest.add(row);
      }
    }
    return rest;
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    var both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  private static void await(Future<RecordMetadata> future, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    var left = Math.max(0, deadline - System.nanoTime());
    var _ = future.get(left, TimeUnit.NANOSECONDS);
  }

  private Producer<String, byte[]> producer() {
    var current = producer;
    if (current == null) {
      current = producers.get();
      producer = current;
    }
    return current;
  }

  /// Drops what is not sent yet; the next page gets a new producer.
  @Override
  public void close() {
    var current = producer;
    producer = null;
    if (current != null) current.close(Duration.ZERO);
  }
}
