package millrace.messaging.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import millrace.messaging.EventCodec;
import millrace.messaging.PaymentPages;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
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

  /// A row that is longer could not be held in memory with as many others as a relay reads at once.
  private static final int PAGE_CHARACTERS = 128 * 1024;

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
    var rows = rows(events);
    jdbc.execute(
        INSERT,
        (PreparedStatementCallback<Integer>)
            statement -> {
              fill(statement, rows);
              return statement.executeUpdate();
            });
    wakeTheRelayAfterwards();
  }

  /// Payments side by side share a row.
  private List<Row> rows(List<Outgoing> events) {
    var rows = new ArrayList<Row>();
    var page = new PageBody();
    for (var outgoing : events) {
      var event = outgoing.event();
      if (event instanceof PaymentAccepted payment
          && outgoing.key().equals(payment.channelId().toString())) {
        page.add(outgoing.key(), codec.encode(event));
        if (page.isFull()) page.moveTo(rows);
      } else {
        page.moveTo(rows);
        rows.add(
            new Row(Topics.of(event), outgoing.key(), codec.typeOf(event), codec.encode(event)));
      }
    }
    page.moveTo(rows);
    return rows;
  }

  private record Row(String topic, String key, String type, String body) {}

  private static final class PageBody {
    private final StringBuilder lines = new StringBuilder();

    void add(String key, String json) {
      lines.append(key).append(' ').append(json).append('\n');
    }

    boolean isFull() {
      return lines.length() >= PAGE_CHARACTERS;
    }

    void moveTo(List<Row> rows) {
      if (lines.isEmpty()) return;
      rows.add(new Row(Topics.CHANNELS, "", PaymentPages.TYPE, lines.toString()));
      lines.setLength(0);
    }
  }

  private void fill(PreparedStatement statement, List<Row> rows) throws SQLException {
    var connection = statement.getConnection();
    statement.setObject(1, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
    var ids = rows.stream().map(_ -> UUID.randomUUID()).toArray();
    statement.setArray(2, connection.createArrayOf("uuid", ids));
    statement.setArray(3, texts(connection, rows, Row::topic));
    statement.setArray(4, texts(connection, rows, Row::key));
    statement.setArray(5, texts(connection, rows, Row::type));
    statement.setArray(6, texts(connection, rows, Row::body));
  }

  /// The driver sends an array of strings as it is, but escapes other arrays character
  /// by character.
  private static java.sql.Array texts(
      Connection connection, List<Row> rows, Function<Row, String> column) throws SQLException {
    return connection.createArrayOf("text", rows.stream().map(column).toArray(String[]::new));
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
