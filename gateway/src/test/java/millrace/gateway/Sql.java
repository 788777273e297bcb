package millrace.gateway;

import java.sql.Connection;
import java.sql.SQLException;

/// What others do to the rows of a gateway while it works.
final class Sql {
  /// One more of a merchant's payments, by somebody who keeps others out until he commits; nothing
  /// when he is kept out himself.
  static final String ADD_MESSAGE =
      """
      WITH alone AS (SELECT pg_try_advisory_xact_lock(x'6d65737361676573'::bigint) AS got)
      INSERT INTO webhook_message (id, merchant_id, type, subject, body, created_at)
      SELECT 'evt_' || repeat('7', 26), merchant_id, type, subject, '{"data":{"amount":"30"}}',
             now()
      FROM alone, webhook_message WHERE got AND merchant_id = ? AND type = 'payment.succeeded'
      LIMIT 1
      """;

  private Sql() {}

  /// How many rows were changed.
  static int run(Connection connection, String sql, String id) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      statement.execute();
      return statement.getUpdateCount();
    }
  }

  static void lock(Connection connection, String endpoint) {
    try {
      run(connection, "SELECT FROM webhook_endpoint WHERE id = ? FOR NO KEY UPDATE", endpoint);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean isLocked(Connection connection, String mode, String endpoint) throws SQLException {
    try {
      run(connection, "SELECT FROM webhook_endpoint WHERE id = ? " + mode + " NOWAIT", endpoint);
      return false;
    } catch (SQLException locked) {
      if (!"55P03".equals(locked.getSQLState())) throw locked;
      return true;
    }
  }

  /// Whether anybody waits for a lock of that kind.
  static boolean isWaitedFor(Connection connection, String kind) throws SQLException {
    var sql =
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = ?
        """;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, kind);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1) > 0;
      }
    }
  }
}
