package millrace.watchtower.voucher;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.stereotype.Repository;

/// One row per channel, in one statement per batch.
@Repository
public class VoucherStore {
  /// What is charged never falls and the sequence orders what charges nothing, so the pair says
  /// which is newer. A sequence alone could be made up with an old voucher that is still valid.
  private static final String KEEP =
      """
      INSERT INTO voucher (channel_id, payer, payer_authorizer, receiver, receiver_authorizer, token,
                           withdraw_delay_seconds, salt, ceiling, signature, charged, sequence,
                           due, guarded_at)
      SELECT *, ?
        FROM unnest(?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[],
                    ?::bigint[], ?::bytea[], ?::numeric[], ?::bytea[], ?::numeric[], ?::bigint[],
                    ?::numeric[])
      ON CONFLICT (channel_id) DO UPDATE
         SET ceiling = excluded.ceiling, signature = excluded.signature,
             charged = excluded.charged, sequence = excluded.sequence, due = excluded.due,
             guarded_at = excluded.guarded_at
       WHERE (excluded.charged, excluded.sequence) > (voucher.charged, voucher.sequence)
      RETURNING channel_id
      """;

  private static final String COLUMNS =
      """
      channel_id, payer, payer_authorizer, receiver, receiver_authorizer, token,
      withdraw_delay_seconds, salt, ceiling, signature, charged, sequence, due
      """;

  private final JdbcTemplate jdbc;

  VoucherStore(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps those that are newer than what is there; at most one per channel, in order of channel,
  /// so that writers cannot block each other.
  ///
  /// @return the channels whose row it changed
  Set<ChannelId> keep(List<GuardedVoucher> vouchers, Instant at) {
    var kept =
        jdbc.execute(
            KEEP,
            (PreparedStatementCallback<Set<ChannelId>>)
                statement -> {
                  fill(statement, vouchers, at);
                  return channels(statement);
                });
    return kept == null ? Set.of() : kept;
  }

  private static Set<ChannelId> channels(PreparedStatement statement) throws SQLException {
    var channels = new HashSet<ChannelId>();
    try (var row = statement.executeQuery()) {
      while (row.next()) channels.add(ChannelId.of(row.getBytes(1)));
    }
    return channels;
  }

  private static void fill(PreparedStatement statement, List<GuardedVoucher> vouchers, Instant at)
      throws SQLException {
    var columns = new Columns(statement, vouchers);
    statement.setObject(1, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
    columns.bytes(2, v -> v.channelId().toArray());
    columns.bytes(3, v -> v.config().payer().toArray());
    columns.bytes(4, v -> v.config().payerAuthorizer().toArray());
    columns.bytes(5, v -> v.config().receiver().toArray());
    columns.bytes(6, v -> v.config().receiverAuthorizer().toArray());
    columns.bytes(7, v -> v.config().token().toArray());
    columns.set(8, "bigint", v -> v.config().withdrawDelaySeconds());
    columns.bytes(9, v -> v.config().salt().toArray());
    columns.set(10, "numeric", v -> new BigDecimal(v.voucher().voucher().ceiling().units()));
    columns.bytes(11, v -> v.voucher().signature().toArray());
    columns.set(12, "numeric", v -> new BigDecimal(v.charged().units()));
    columns.set(13, "bigint", GuardedVoucher::sequence);
    columns.set(14, "numeric", v -> new BigDecimal(v.due().units()));
  }

  private record Columns(PreparedStatement statement, List<GuardedVoucher> vouchers) {
    void set(int place, String type, Function<GuardedVoucher, Object> value) throws SQLException {
      Connection connection = statement.getConnection();
      var values = vouchers.stream().map(value).toArray();
      statement.setArray(place, connection.createArrayOf(type, values));
    }

    /// The driver takes byte arrays only in an array of their type.
    void bytes(int place, Function<GuardedVoucher, byte[]> value) throws SQLException {
      Connection connection = statement.getConnection();
      var values = vouchers.stream().map(value).toArray(byte[][]::new);
      statement.setArray(place, connection.createArrayOf("bytea", values));
    }
  }

  /// Those of the channels that are there.
  public List<GuardedVoucher> of(List<ChannelId> channels) {
    return jdbc.execute(
        "SELECT " + COLUMNS + " FROM voucher WHERE channel_id = ANY (?)",
        (PreparedStatementCallback<List<GuardedVoucher>>)
            statement -> {
              var ids = channels.stream().map(ChannelId::toArray).toArray(byte[][]::new);
              statement.setArray(1, statement.getConnection().createArrayOf("bytea", ids));
              return vouchers(statement);
            });
  }

  /// Some that nobody looked up on chain.
  public List<ChannelKey> neverLookedUp(int limit) {
    return keys(
        "SELECT channel_id, withdraw_delay_seconds FROM voucher WHERE looked_up_in = 0 LIMIT ?",
        statement -> statement.setInt(1, limit));
  }

  public void lookedUp(List<ChannelId> channels) {
    jdbc.execute(
        """
        WITH page AS (
          SELECT channel_id FROM voucher WHERE channel_id = ANY (?) ORDER BY channel_id FOR UPDATE)
        UPDATE voucher SET looked_up_in = 1 FROM page WHERE voucher.channel_id = page.channel_id
        """,
        (PreparedStatementCallback<Integer>)
            statement -> {
              var ids = channels.stream().map(ChannelId::toArray).toArray(byte[][]::new);
              statement.setArray(1, statement.getConnection().createArrayOf("bytea", ids));
              return statement.executeUpdate();
            });
  }

  /// A page of all channels, in their order.
  public List<ChannelKey> after(Optional<ChannelId> last, int limit) {
    return keys(
        """
        SELECT channel_id, withdraw_delay_seconds FROM voucher
         WHERE channel_id > ? ORDER BY channel_id LIMIT ?
        """,
        statement -> {
          statement.setBytes(1, last.map(ChannelId::toArray).orElse(new byte[0]));
          statement.setInt(2, limit);
        });
  }

  private List<ChannelKey> keys(String sql, PreparedStatementSetter values) {
    return jdbc.query(
        sql,
        values,
        (row, _) ->
            new ChannelKey(
                ChannelId.of(row.getBytes("channel_id")), row.getLong("withdraw_delay_seconds")));
  }

  public long count() {
    return number("SELECT count(*) FROM voucher");
  }

  private long number(String sql) {
    var number = jdbc.queryForObject(sql, Long.class);
    if (number == null) throw new IllegalStateException("no number from " + sql);
    return number;
  }

  private static List<GuardedVoucher> vouchers(PreparedStatement statement) throws SQLException {
    var vouchers = new ArrayList<GuardedVoucher>();
    try (var row = statement.executeQuery()) {
      while (row.next()) vouchers.add(voucher(row));
    }
    return vouchers;
  }

  private static GuardedVoucher voucher(ResultSet row) throws SQLException {
    var channel = ChannelId.of(row.getBytes("channel_id"));
    var config =
        new ChannelConfig(
            Address.of(row.getBytes("payer")),
            Address.of(row.getBytes("payer_authorizer")),
            Address.of(row.getBytes("receiver")),
            Address.of(row.getBytes("receiver_authorizer")),
            Address.of(row.getBytes("token")),
            row.getLong("withdraw_delay_seconds"),
            Bytes32.of(row.getBytes("salt")));
    var ceiling = new Amount(row.getBigDecimal("ceiling").toBigIntegerExact());
    var signature = Signature.of(row.getBytes("signature"));
    return new GuardedVoucher(
        channel,
        config,
        new SignedVoucher(new Voucher(channel, ceiling), signature),
        new Amount(row.getBigDecimal("charged").toBigIntegerExact()),
        row.getLong("sequence"),
        new Amount(row.getBigDecimal("due").toBigIntegerExact()));
  }
}
