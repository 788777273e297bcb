package millrace.bench.tower;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import millrace.embedded.LocalPostgres;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;

/// A watchtower's database: what is put there, and what the tower wrote down.
final class TowerBooks implements AutoCloseable {
  private static final String HOLD =
      """
      INSERT INTO voucher (channel_id, payer, payer_authorizer, receiver, receiver_authorizer,
                           token, withdraw_delay_seconds, salt, ceiling, signature, charged, due,
                           sequence, guarded_at, looked_up_in)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, now(), 1)
      """;

  /// Channels that are nowhere but here, as wide as real ones.
  private static final String STRANGERS =
      """
      INSERT INTO voucher
      SELECT sha256(('stranger ' || i)::bytea), a, a, b, b, b, 900, sha256('salt'), 1000000,
             sha256(('r' || i)::bytea) || sha256(('s' || i)::bytea) || '\\x1b'::bytea, 1000000, 1,
             now(), 1, 1000000
        FROM generate_series(1, ?) AS i,
             LATERAL (SELECT substr(sha256(i::text::bytea), 1, 20) AS a,
                             substr(sha256('hub'), 1, 20) AS b) AS address
      """;

  private final Connection connection;

  TowerBooks(LocalPostgres postgres, String database) {
    try {
      connection = DriverManager.getConnection(postgres.jdbcUrl(database), postgres.user(), "");
    } catch (SQLException e) {
      throw new IllegalStateException("the tower's database cannot be reached", e);
    }
  }

  /// As if the tower had taken these in.
  void hold(List<ChannelConfig> channels, List<SignedVoucher> vouchers) {
    try (var statement = connection.prepareStatement(HOLD)) {
      for (int i = 0; i < channels.size(); i++) {
        var config = channels.get(i);
        var voucher = vouchers.get(i);
        var ceiling = new java.math.BigDecimal(voucher.voucher().ceiling().units());
        statement.setBytes(1, voucher.voucher().channelId().toArray());
        statement.setBytes(2, config.payer().toArray());
        statement.setBytes(3, config.payerAuthorizer().toArray());
        statement.setBytes(4, config.receiver().toArray());
        statement.setBytes(5, config.receiverAuthorizer().toArray());
        statement.setBytes(6, config.token().toArray());
        statement.setLong(7, config.withdrawDelaySeconds());
        statement.setBytes(8, config.salt().toArray());
        statement.setBigDecimal(9, ceiling);
        statement.setBytes(10, voucher.signature().toArray());
        statement.setBigDecimal(11, ceiling);
        statement.setBigDecimal(12, ceiling);
        statement.addBatch();
      }
      statement.executeBatch();
    } catch (SQLException e) {
      throw new IllegalStateException("the vouchers could not be stored", e);
    }
  }

  void holdStrangers(int count) {
    try (var statement = connection.prepareStatement(STRANGERS)) {
      statement.setInt(1, count);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("the vouchers could not be stored", e);
    }
  }

  /// Of the vouchers with their indexes.
  long diskMebibytes() {
    return number("SELECT pg_total_relation_size('voucher') >> 20");
  }

  /// From a withdrawal seen to the first broadcast of its claim, in order of size.
  ///
  /// @param but the first so many withdrawals, which are left out
  List<Double> answerMillis(int but) {
    return numbers(
        """
        SELECT extract(epoch FROM min(a.first_sent_at) - min(w.seen_at)) * 1000 AS millis
          FROM withdrawal w
          JOIN claim_row r ON r.channel_id = w.channel_id
          JOIN chain_transaction t ON t.purpose = 'tower-claim/' || r.claim_id
          JOIN chain_attempt a ON a.transaction_id = t.id AND a.first_sent_at IS NOT NULL
         WHERE w.id NOT IN (SELECT id FROM withdrawal ORDER BY id LIMIT %d)
         GROUP BY w.id ORDER BY millis
        """
            .formatted(but));
  }

  long seen() {
    return number("SELECT count(*) FROM withdrawal");
  }

  long claims() {
    return number("SELECT count(*) FROM claim");
  }

  /// The newest block it has followed; before it began, none.
  long followed() {
    return number("SELECT coalesce(max(head_block), -1) FROM chain_cursor");
  }

  private long number(String sql) {
    return numbers(sql).getFirst().longValue();
  }

  private List<Double> numbers(String sql) {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      var numbers = new ArrayList<Double>();
      while (row.next()) numbers.add(row.getDouble(1));
      return numbers;
    } catch (SQLException e) {
      throw new IllegalStateException("the tower's books cannot be read", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("a connection does not close", e);
    }
  }
}
