package millrace.bench.api;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import millrace.bench.Progress;
import millrace.protocol.type.Address;

/// Puts payments of the past into the gateway's list, made by the database itself. Indexes other
/// than that of the ids are built afterwards, or it would take all day.
final class PaymentSeed {
  /// Payments in each second, of which the first few are the seller's.
  static final int PER_SECOND = 100;

  static final int OWN = 10;
  static final int CHANNELS = 4_096;
  private static final int PARTS = 10;

  /// The first ten digits of an id are its time, in base 32.
  private static final String ROWS =
      """
      INSERT INTO payment
        (id, merchant_id, channel_id, payer, token, amount, resource, created_at)
      SELECT 'pay_' || second.digits || lpad(place::text, 16, '0'),
             CASE WHEN place < ? THEN ? ELSE 'mer_' || lpad(place::text, 26, '0') END,
             decode(lpad(to_hex((n * 100 + place) % ?), 64, '0'), 'hex'),
             decode(lpad(to_hex((n * 100 + place) % ?), 40, '0'), 'hex'),
             decode(?, 'hex'), 1000, 'http://shop.example/7', second.at
        FROM (SELECT n, at,
                     (SELECT string_agg(
                               substr('0123456789abcdefghjkmnpqrstvwxyz',
                                      ((millis >> (5 * digit)) & 31)::int + 1, 1),
                               '' ORDER BY digit DESC)
                        FROM generate_series(0, 9) AS digit) AS digits
                FROM (SELECT n, at, (extract(epoch FROM at) * 1000)::bigint AS millis
                        FROM generate_series(?::bigint, ?::bigint) AS n,
                             LATERAL (SELECT ?::timestamptz + n * interval '1 second' AS at)) AS t)
             AS second,
             LATERAL generate_series(0, ?) AS place
      """;

  private final String databaseUrl;
  private final String merchant;
  private final Address token;
  private final Instant begin;

  /// @param merchant who sells
  /// @param begin of the first payments, to the second
  PaymentSeed(String databaseUrl, String merchant, Address token, Instant begin) {
    this.databaseUrl = databaseUrl;
    this.merchant = merchant;
    this.token = token;
    this.begin = begin;
  }

  void add(long seconds) {
    try (var connection = DriverManager.getConnection(databaseUrl)) {
      run(connection, "SET synchronous_commit = off");
      run(connection, "SET maintenance_work_mem = '512MB'");
      run(connection, "SET max_parallel_maintenance_workers = 2");
      var indexes = dropIndexes(connection);
      for (int part = 0; part < PARTS; part++) {
        insert(connection, seconds * part / PARTS, seconds * (part + 1) / PARTS - 1);
        Progress.say("%,d payments", seconds * (part + 1) / PARTS * PER_SECOND);
      }
      for (var index : indexes) {
        run(connection, index);
        Progress.say("built: %s", index);
      }
      run(connection, "VACUUM (ANALYZE) payment");
      run(connection, "CHECKPOINT");
    } catch (SQLException e) {
      throw new IllegalStateException("the payments could not be seeded", e);
    }
  }

  private void insert(Connection connection, long from, long to) throws SQLException {
    try (var insert = connection.prepareStatement(ROWS)) {
      insert.setInt(1, OWN);
      insert.setString(2, merchant);
      insert.setInt(3, CHANNELS);
      insert.setInt(4, CHANNELS);
      insert.setString(5, HexFormat.of().formatHex(token.toArray()));
      insert.setLong(6, from);
      insert.setLong(7, to);
      insert.setObject(8, begin.atOffset(ZoneOffset.UTC));
      insert.setInt(9, PER_SECOND - 1);
      insert.executeUpdate();
    }
  }

  /// Returns what builds them again.
  private static List<String> dropIndexes(Connection connection) throws SQLException {
    var definitions = new ArrayList<String>();
    var names = new ArrayList<String>();
    var found =
        """
        SELECT indexname, indexdef FROM pg_indexes
         WHERE tablename = 'payment' AND indexname <> 'payment_pkey'
        """;
    try (var query = connection.prepareStatement(found);
        var rows = query.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString("indexname"));
        definitions.add(rows.getString("indexdef"));
      }
    }
    for (var name : names) run(connection, "DROP INDEX " + name);
    return definitions;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
