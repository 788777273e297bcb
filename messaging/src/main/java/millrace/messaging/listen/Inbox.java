package millrace.messaging.listen;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import millrace.messaging.ReceivedEvent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Remembers which events were taken in, for readers to whom a repeat would do harm. Facts that
/// are cumulative need none. To be called in the transaction that takes the event in.
public final class Inbox {
  private final JdbcClient jdbc;

  public Inbox(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// False at a repeat.
  public boolean admit(UUID eventId) {
    return admitted(new UUID[] {eventId}).contains(eventId);
  }

  /// Those of the events that are no repeats, in their order.
  public List<ReceivedEvent> admit(List<ReceivedEvent> events) {
    var fresh = admitted(events.stream().map(ReceivedEvent::id).toArray(UUID[]::new));
    return events.stream().filter(event -> fresh.remove(event.id())).toList();
  }

  private Set<UUID> admitted(UUID[] ids) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("an event is admitted in the transaction that takes it in");
    }
    return jdbc
        .sql(
            """
            INSERT INTO inbox (event_id)
            SELECT DISTINCT id FROM unnest(?::uuid[]) AS id ORDER BY id
            ON CONFLICT DO NOTHING
            RETURNING event_id
            """)
        .param(ids)
        .query(UUID.class)
        .list()
        .stream()
        .collect(Collectors.toCollection(HashSet::new));
  }

  /// Forgets what is older than Kafka keeps: it cannot come again.
  public int forgetOlderThan(Duration age) {
    return jdbc.sql("DELETE FROM inbox WHERE admitted_at < now() - make_interval(secs => ?)")
        .param(age.toSeconds())
        .update();
  }
}
