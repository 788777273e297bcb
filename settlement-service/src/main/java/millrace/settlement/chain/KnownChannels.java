package millrace.settlement.chain;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The channels this hub has heard of, and up to which block each was read.
@Component
public class KnownChannels {
  private record Column(String type, Function<KnownChannel, Object> value) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("bytea", c -> c.id().toArray()),
          new Column("bytea", c -> c.config().payer().toArray()),
          new Column("bytea", c -> c.config().payerAuthorizer().toArray()),
          new Column("bytea", c -> c.config().receiver().toArray()),
          new Column("bytea", c -> c.config().receiverAuthorizer().toArray()),
          new Column("bytea", c -> c.config().token().toArray()),
          new Column("bigint", c -> c.config().withdrawDelaySeconds()),
          new Column("bytea", c -> c.config().salt().toArray()));

  private final JdbcClient jdbc;
  private final JdbcTemplate template;

  KnownChannels(JdbcClient jdbc, JdbcTemplate template) {
    this.jdbc = jdbc;
    this.template = template;
  }

  /// Repeats change nothing.
  public void add(Collection<KnownChannel> channels) {
    if (channels.isEmpty()) return;
    var sorted = channels.stream().sorted(Comparator.comparing(KnownChannel::id)).toList();
    template.update(
        connection -> {
          var statement =
              connection.prepareStatement(
                  """
                  INSERT INTO channel (channel_id, payer, payer_authorizer, receiver,
                    receiver_authorizer, token, withdraw_delay_seconds, salt)
                  SELECT * FROM unnest(?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[],
                    ?::bytea[], ?::bigint[], ?::bytea[])
                  ON CONFLICT DO NOTHING
                  """);
          int i = 0;
          for (var column : COLUMNS) {
            statement.setArray(
                ++i, Columns.array(connection, column.type(), sorted, column.value()));
          }
          return statement;
        });
  }

  /// Locks those that are known until the end of the transaction, always in the same order. Who
  /// publishes about a channel holds its lock, which keeps what is published in order.
  public Set<ChannelId> lock(Collection<ChannelId> ids) {
    if (ids.isEmpty()) return new TreeSet<>();
    var sorted = new TreeSet<>(ids).stream().map(ChannelId::toArray).toArray(byte[][]::new);
    return new TreeSet<>(
        jdbc.sql(
                """
                SELECT channel_id FROM channel WHERE channel_id = ANY (?)
                 ORDER BY channel_id FOR UPDATE
                """)
            .param(sorted)
            .query((row, _) -> Columns.channelId(row, "channel_id"))
            .list());
  }

  public Optional<KnownChannel> find(ChannelId id) {
    return jdbc.sql("SELECT * FROM channel WHERE channel_id = :id")
        .param("id", id.toArray())
        .query((row, _) -> known(row))
        .optional();
  }

  /// Something in that block changed the channel.
  void touch(ChannelId id, long block) {
    jdbc.sql(
            """
            UPDATE channel SET touched_block = greatest(touched_block, :block)
             WHERE channel_id = :id
            """)
        .param("block", block)
        .param("id", id.toArray())
        .update();
  }

  /// The blocks from that one on are gone. What was read in them may be wrong, so it is read again
  /// in a later block than before: readers keep the state of the latest one.
  void distrustFrom(long block) {
    jdbc.sql(
            """
            UPDATE channel SET touched_block = greatest(touched_block, read_block + 1)
             WHERE touched_block >= :block
            """)
        .param("block", block)
        .update();
  }

  /// Those that a final block can tell more of than was read.
  List<KnownChannel> unread(long finalBlock, int atMost) {
    return jdbc.sql(
            """
            SELECT * FROM channel
             WHERE touched_block > read_block AND touched_block <= :final
             ORDER BY touched_block LIMIT :limit
            """)
        .param("final", finalBlock)
        .param("limit", atMost)
        .query((row, _) -> known(row))
        .list();
  }

  /// Those that were read and not touched since, in order of their ids, after one of them.
  List<KnownChannel> settled(Optional<ChannelId> after, long finalBlock, int atMost) {
    return jdbc.sql(
            """
            SELECT * FROM channel
             WHERE channel_id > :after AND balance IS NOT NULL
               AND touched_block <= read_block AND read_block < :final
             ORDER BY channel_id LIMIT :limit
            """)
        .param("after", after.map(ChannelId::toArray).orElse(new byte[0]))
        .param("final", finalBlock)
        .param("limit", atMost)
        .query((row, _) -> known(row))
        .list();
  }

  /// Whether a later block says something else than was read, though nothing touched the channel. A
  /// claim of ours is noted as soon as it is final, which may be before the block that is read.
  boolean contradicts(ChannelId id, ChainState state) {
    return jdbc.sql(
            """
            SELECT 1 FROM channel
             WHERE channel_id = :id AND touched_block <= read_block AND read_block < :block
               AND (balance <> :balance OR claimed < :claimed OR withdrawal <> :withdrawal)
            """)
        .param("id", id.toArray())
        .param("block", state.block())
        .param("balance", Columns.write(state.balance()))
        .param("claimed", Columns.write(state.claimed()))
        .param("withdrawal", state.withdrawal().isPresent())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /// A withdrawal seen at the head stays in sight until a block as late as that is read.
  ///
  /// @return false when a later block was read meanwhile
  boolean read(ChannelId id, ChainState state) {
    return jdbc.sql(
                """
                UPDATE channel
                   SET read_block = :block, balance = :balance, claimed = :claimed,
                       withdrawal = :withdrawal OR (withdrawal AND touched_block > :block),
                       withdrawal_after = CASE
                         WHEN :withdrawal THEN CAST(:after AS timestamptz)
                         WHEN touched_block > :block THEN withdrawal_after END
                 WHERE channel_id = :id AND read_block < :block
                """)
            .param("block", state.block())
            .param("balance", Columns.write(state.balance()))
            .param("claimed", Columns.write(state.claimed()))
            .param("withdrawal", state.withdrawal().isPresent())
            .param("after", state.withdrawal().map(KnownChannels::deadline).orElse(null))
            .param("id", id.toArray())
            .update()
        == 1;
  }

  /// Its payer is leaving, though that is not final yet. A row that rests after a failure rests no
  /// longer.
  void leaving(ChannelId id, PendingWithdrawal withdrawal) {
    jdbc.sql(
            """
            UPDATE channel SET withdrawal = true, withdrawal_after = :after
             WHERE channel_id = :id
            """)
        .param("after", deadline(withdrawal))
        .param("id", id.toArray())
        .update();
    jdbc.sql("UPDATE claimable SET not_before = '-infinity' WHERE channel_id = :id")
        .param("id", id.toArray())
        .update();
  }

  /// A claim of ours is final; the reading that confirms it may take a moment.
  public void claimed(ChannelId id, Amount total) {
    jdbc.sql(
            """
            UPDATE channel SET claimed = greatest(claimed, :total) WHERE channel_id = :id
            """)
        .param("total", Columns.write(total))
        .param("id", id.toArray())
        .update();
  }

  private static OffsetDateTime deadline(PendingWithdrawal withdrawal) {
    return Columns.write(Instant.ofEpochSecond(withdrawal.finalizeAfterSeconds()));
  }

  private static KnownChannel known(ResultSet row) throws SQLException {
    return new KnownChannel(Columns.channelId(row, "channel_id"), Columns.config(row));
  }
}
