package millrace.messaging.listen;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.RetryListener;

/// A listener that fails is tried again for as long as it takes, and nobody else would say so.
final class ListenerFailures implements RetryListener {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerFailures.class);

  private final MeterRegistry meters;

  ListenerFailures(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void failedDelivery(
      ConsumerRecord<?, ?> record, @Nullable Exception failure, int attempt) {
    throw new UnsupportedOperationException("listeners take batches");
  }

  @Override
  public void failedDelivery(ConsumerRecords<?, ?> records, Exception failure, int attempt) {
    LOG.warn("{} failed {} times in a row", records.partitions(), attempt, failure);
    meters.counter("millrace.messaging.listener.failures").increment();
  }
}
