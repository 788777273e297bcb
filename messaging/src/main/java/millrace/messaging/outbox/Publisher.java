package millrace.messaging.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import millrace.messaging.CloudEventHeaders;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
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

  Outcome publish(List<OutboxRow> page) throws InterruptedException {
    var sent = new ArrayList<Future<RecordMetadata>>(page.size());
    Exception failure = send(page, sent);
    var deadline = System.nanoTime() + ackTimeout.toNanos();
    var acknowledged = new ArrayList<OutboxRow>(page.size());
    var failedKeys = new HashSet<String>();
    for (int i = 0; i < sent.size(); i++) {
      var row = page.get(i);
      try {
        await(sent.get(i), deadline);
        if (!failedKeys.contains(row.key())) acknowledged.add(row);
      } catch (ExecutionException | TimeoutException e) {
        if (failure == null) failure = e;
        failedKeys.add(row.key());
        close();
      }
    }
    if (failure != null) close();
    return new Outcome(List.copyOf(acknowledged), Optional.ofNullable(failure));
  }

  /// Stops at the first row that the producer does not take.
  private @Nullable Exception send(List<OutboxRow> page, List<Future<RecordMetadata>> sent) {
    try {
      var to = producer();
      for (var row : page) {
        var future = to.send(record(row));
        if (future.state() == Future.State.FAILED) {
          return new KafkaException("the producer refused a record", future.exceptionNow());
        }
        sent.add(future);
      }
      return null;
    } catch (KafkaException e) {
      return e;
    }
  }

  private static void await(Future<RecordMetadata> future, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    var left = Math.max(0, deadline - System.nanoTime());
    var _ = future.get(left, TimeUnit.NANOSECONDS);
  }

  private static ProducerRecord<String, byte[]> record(OutboxRow row) {
    var record = new ProducerRecord<>(row.topic(), row.key(), row.body().getBytes(UTF_8));
    new CloudEventHeaders(row.eventId(), row.type(), row.at())
        .writeTo(record.headers(), row.topic());
    return record;
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
