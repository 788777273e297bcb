package millrace.bench.claims;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

/// What settlement has written down, read where it is written.
final class Claimed implements AutoCloseable {
  private final Connection settlement;

  Claimed(String databaseUrl) {
    try {
      settlement = DriverManager.getConnection(databaseUrl);
    } catch (SQLException e) {
      throw new IllegalStateException("settlement's database cannot be reached", e);
    }
  }

  /// @param owing channels of which settlement knows that they owe something and that they can pay
  /// @param claimed channels whose whole charge stands claimed in a final block
  /// @param batches transactions whose outcome is final
  /// @param rows that these recorded
  /// @param gas that these used
  /// @param seconds from the making of the first batch to the end of the last one
  record Reading(long owing, long claimed, long batches, long rows, long gas, double seconds) {
    double perMinute() {
      return seconds == 0 ? 0 : claimed * 60 / seconds;
    }
  }

  Reading now() {
    try (var statement = settlement.createStatement();
        var row =
            statement.executeQuery(
                """
                SELECT owing, claimed, batches, rows, gas, coalesce(seconds, 0) AS seconds
                  FROM (SELECT count(*) FILTER (WHERE charged > 0 AND balance >= charged) AS owing,
                               count(*) FILTER (WHERE charged > 0 AND claimed >= charged) AS claimed
                          FROM claimable JOIN channel USING (channel_id)) channels,
                       (SELECT count(*) AS batches, coalesce(sum(gas_used), 0) AS gas,
                               extract(epoch FROM max(ended_at) - min(created_at)) AS seconds
                          FROM claim_batch WHERE state = 'CONFIRMED') made,
                       (SELECT count(*) AS rows FROM claim_row JOIN claim_batch ON id = batch_id
                         WHERE state = 'CONFIRMED' AND skipped IS NULL) recorded
                """)) {
      row.next();
      return reading(row);
    } catch (SQLException e) {
      throw new IllegalStateException("settlement's books cannot be read", e);
    }
  }

  private static Reading reading(ResultSet row) throws SQLException {
    return new Reading(
        row.getLong("owing"),
        row.getLong("claimed"),
        row.getLong("batches"),
        row.getLong("rows"),
        row.getLong("gas"),
        row.getDouble("seconds"));
  }

  @Override
  public void close() {
    try {
      settlement.close();
    } catch (SQLException e) {
      throw new IllegalStateException("a connection does not close", e);
    }
  }
}
