package millrace.watchtower.voucher;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.stereotype.Component;

/// How far the tower has read, by its own database. Kafka remembers it as well, but Kafka's memory
/// does not go back with a database that is restored: the vouchers in between would never come
/// again. So the tower begins at whichever of the two is earlier. What it reads twice changes
/// nothing.
@Component
class TopicPositions implements ConsumerAwareRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(TopicPositions.class);

  private final JdbcClient jdbc;

  TopicPositions(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// In the transaction that stores what was read.
  ///
  /// @param partitions of each record that was read
  /// @param offsets in the same order
  void read(String topic, List<Integer> partitions, List<Long> offsets) {
    var next = new HashMap<Integer, Long>();
    for (int i = 0; i < partitions.size(); i++) {
      next.merge(partitions.get(i), offsets.get(i) + 1, Math::max);
    }
    next.forEach((partition, offset) -> put(topic, partition, offset));
  }

  private void put(String topic, int partition, long offset) {
    jdbc.sql(
            """
            INSERT INTO topic_position (topic, part, next_offset) VALUES (:topic, :part, :next)
            ON CONFLICT (topic, part) DO UPDATE SET next_offset = excluded.next_offset
            """)
        .param("topic", topic)
        .param("part", partition)
        .param("next", offset)
        .update();
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> own;
    try {
      own = of(partitions);
    } catch (DataAccessException e) {
      // Where it cannot be told, everything is read again: too much does no harm.
      LOG.warn("reads its topic from the beginning, for it cannot see how far it was", e);
      own = Map.of();
    }
    var committed = consumer.committed(new HashSet<>(partitions));
    for (var partition : partitions) {
      OffsetAndMetadata kafkas = committed.get(partition);
      long stored = own.getOrDefault(partition, 0L);
      // Without one Kafka begins at the earliest by itself.
      if (kafkas == null || kafkas.offset() <= stored) continue;
      LOG.warn("{} was read up to {}, by the database only {}", partition, kafkas.offset(), stored);
      consumer.seek(partition, stored);
    }
  }

  private Map<TopicPartition, Long> of(Collection<TopicPartition> partitions) {
    var positions = new HashMap<TopicPartition, Long>();
    RowCallbackHandler add =
        row ->
            positions.put(
                new TopicPartition(row.getString("topic"), row.getInt("part")),
                row.getLong("next_offset"));
    jdbc.sql("SELECT topic, part, next_offset FROM topic_position").query(add);
    positions.keySet().retainAll(partitions);
    return positions;
  }
}
