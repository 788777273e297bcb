package millrace.messaging.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// One relay's connection to its database. Only one relay of a database publishes at a time: the
/// one whose session has a PostgreSQL lock. The same connection reads and deletes the rows, so
/// when it dies, the right to publish and the means to delete are gone together.
final class RelaySession implements AutoCloseable {
  /// Any number that nothing else in our databases locks.
  private static final long LOCK = 0x6d696c6c_72616365L;

  /// Of all bodies read at once.
  private static final int PAGE_BYTES = 2 * 1024 * 1024;

  private final Connection connection;

  private RelaySession(Connection connection) {
    this.connection = connection;
  }

  static RelaySession open(OutboxConnections connections) throws SQLException {
    return new RelaySession(connections.open());
  }

  /// Whether this session has the right now. It keeps it until it is closed.
  boolean lock() throws SQLException {
    try (var statement = connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
      statement.setLong(1, LOCK);
      try (var result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  /// The oldest rows, and fewer of them where they are long: one at least.
  List<OutboxRow> page(int rows) throws SQLException {
    var sql =
        """
        SELECT id, event_id, topic, key, type, body, at
          FROM (SELECT *, sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS before
                  FROM (SELECT * FROM outbox ORDER BY id LIMIT ?) AS oldest) AS counted
         WHERE before < ? ORDER BY id
        """;
    var page = new ArrayList<OutboxRow>();
    try (var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, rows);
      statement.setInt(2, PAGE_BYTES);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          page.add(
              new OutboxRow(
                  row.getLong("id"),
                  row.getObject("event_id", UUID.class),
                  row.getString("topic"),
                  row.getString("key"),
                  row.getString("type"),
                  row.getString("body"),
                  row.getObject("at", OffsetDateTime.class).toInstant()));
        }
      }
    }
    return page;
  }

  /// Whether there may be more than was read.
  static boolean isFull(List<OutboxRow> page, int rows) {
    return page.size() >= rows
        || page.stream().mapToLong(row -> row.body().length()).sum() >= PAGE_BYTES;
  }

  void delete(List<OutboxRow> rows) throws SQLException {
    if (rows.isEmpty()) return;
    try (var statement = connection.prepareStatement("DELETE FROM outbox WHERE id = ANY (?)")) {
      var ids = rows.stream().map(OutboxRow::id).toArray();
      statement.setArray(1, connection.createArrayOf("bigint", ids));
      statement.executeUpdate();
    }
  }

  /// Ends the session and with it the lock.
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
