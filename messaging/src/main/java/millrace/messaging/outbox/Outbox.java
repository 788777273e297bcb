package millrace.messaging.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import millrace.messaging.EventCodec;
import millrace.messaging.Topics;
import millrace.messaging.event.Event;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Takes down events in the caller's transaction, so that they are published if and only if it
/// commits. The order within a key is the order of the calls, provided that the caller's
/// transaction holds a lock that other writers of the key need as well.
public final class Outbox {
  private static final String INSERT =
      """
      INSERT INTO outbox (event_id, topic, key, type, body, at)
      SELECT event_id, topic, key, type, body, ?
        FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
          WITH ORDINALITY AS row (event_id, topic, key, type, body, place)
       ORDER BY place
      """;

  private final JdbcTemplate jdbc;
  private final EventCodec codec;
  private final Clock clock;
  private final Runnable onCommit;

  public Outbox(DataSource database, EventCodec codec, Clock clock, Runnable onCommit) {
    this.jdbc = new JdbcTemplate(database);
    this.codec = codec;
    this.clock = clock;
    this.onCommit = onCommit;
  }

  public void append(String key, Event event) {
    appendAll(List.of(new Outgoing(key, event)));
  }

  /// As many as there are in one statement.
  public void appendAll(List<Outgoing> events) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("the outbox is written in the transaction it tells of");
    }
    if (events.isEmpty()) return;
    jdbc.execute(
        INSERT,
        (PreparedStatementCallback<Integer>)
            statement -> {
              fill(statement, events);
              return statement.executeUpdate();
            });
    wakeTheRelayAfterwards();
  }

  private void fill(PreparedStatement statement, List<Outgoing> events) throws SQLException {
    var connection = statement.getConnection();
    statement.setObject(1, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
    var ids = events.stream().map(_ -> UUID.randomUUID()).toArray();
    statement.setArray(2, connection.createArrayOf("uuid", ids));
    statement.setArray(3, texts(connection, events, e -> Topics.of(e.event())));
    statement.setArray(4, texts(connection, events, Outgoing::key));
    statement.setArray(5, texts(connection, events, e -> codec.typeOf(e.event())));
    statement.setArray(6, texts(connection, events, e -> codec.encode(e.event())));
  }

  /// The driver sends an array of strings as it is, but escapes other arrays character
  /// by character.
  private static java.sql.Array texts(
      Connection connection, List<Outgoing> events, Function<Outgoing, String> column)
      throws SQLException {
    return connection.createArrayOf("text", events.stream().map(column).toArray(String[]::new));
  }

  private void wakeTheRelayAfterwards() {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) return;
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            onCommit.run();
          }
        });
  }
}
