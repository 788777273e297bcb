package millrace.settlement.claim;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import millrace.messaging.event.ChannelEvent;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.settlement.chain.KnownChannel;
import millrace.settlement.chain.KnownChannels;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What is due of every channel. Facts are cumulative, so repeats and old news change nothing.
@Component
public class Claimables {
  private record Column(String type, Function<ChannelEvent.Claimable, Object> value) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("bytea", p -> p.channelId().toArray()),
          new Column("bigint", ChannelEvent.Claimable::sequence),
          new Column("numeric", p -> Columns.write(p.voucher().voucher().ceiling())),
          new Column("bytea", p -> p.voucher().signature().toArray()),
          new Column("numeric", p -> Columns.write(p.charged())),
          new Column("timestamptz", p -> Columns.write(p.at())),
          new Column("numeric", p -> Columns.write(p.claimTarget())));

  private final JdbcClient jdbc;
  private final JdbcTemplate template;
  private final KnownChannels channels;
  private final Amount minRowValue;
  private final ClaimPolicy policy;
  private final HubTerms terms;

  Claimables(
      JdbcClient jdbc,
      JdbcTemplate template,
      KnownChannels channels,
      ClaimProperties properties,
      HubTerms terms) {
    this.jdbc = jdbc;
    this.template = template;
    this.channels = channels;
    this.minRowValue = properties.minRowValue();
    this.policy = properties.policy();
    this.terms = terms;
  }

  /// Keeps the newest word on each channel. Newest is the hub's sequence and not the highest
  /// ceiling: a later voucher may have a lower one when less than the ceiling was charged.
  public void take(Collection<ChannelEvent.Claimable> payments) {
    var newest = new LinkedHashMap<ChannelId, ChannelEvent.Claimable>();
    for (var payment : payments) {
      newest.merge(payment.channelId(), payment, (a, b) -> b.sequence() > a.sequence() ? b : a);
    }
    if (newest.isEmpty()) return;
    channels.add(
        newest.values().stream()
            .map(payment -> new KnownChannel(payment.channelId(), payment.config()))
            .toList());
    channels.lock(newest.keySet());
    template.update(
        connection -> {
          var statement = connection.prepareStatement(UPSERT);
          int i = 0;
          for (var column : COLUMNS) {
            statement.setArray(
                ++i, Columns.array(connection, column.type(), newest.values(), column.value()));
          }
          return statement;
        });
  }

  private static final String UPSERT =
      """
      INSERT INTO claimable
        (channel_id, sequence, ceiling, signature, charged, unclaimed_since, due)
      SELECT * FROM unnest(?::bytea[], ?::bigint[], ?::numeric[], ?::bytea[], ?::numeric[],
        ?::timestamptz[], ?::numeric[])
      ON CONFLICT (channel_id) DO UPDATE
        SET sequence = excluded.sequence, ceiling = excluded.ceiling,
            signature = excluded.signature, charged = excluded.charged, due = excluded.due,
            unclaimed_since = CASE
              WHEN claimable.due
                > (SELECT claimed FROM channel WHERE channel_id = excluded.channel_id)
              THEN claimable.unclaimed_since ELSE excluded.unclaimed_since END
        WHERE claimable.sequence < excluded.sequence
      """;

  Unclaimed unclaimed(Instant now) {
    return jdbc.sql(
            """
            SELECT coalesce(sum(owed), 0) AS value, min(unclaimed_since) AS since,
                   count(*) AS channels, coalesce(bool_or(withdrawal), false) AS leaving,
                   greatest(
                     coalesce((SELECT amount FROM shortfall WHERE token = :token), 0)
                     - coalesce((SELECT sum(total_claimed - claimed)
                                   FROM claimable JOIN claim_row USING (batch_id, channel_id)
                                     JOIN channel USING (channel_id)
                                  WHERE total_claimed > claimed), 0), 0) AS shortfall
              FROM (SELECT least(due, balance) - claimed AS owed, unclaimed_since, withdrawal
                      FROM claimable JOIN channel USING (channel_id)
                     WHERE batch_id IS NULL AND due > claimed AND not_before <= :now) due
             WHERE owed >= :least OR (withdrawal AND owed > 0)
            """)
        .param("token", terms.token().address().toArray())
        .param("now", Columns.write(now))
        .param("least", Columns.write(minRowValue))
        .query(
            (row, _) ->
                new Unclaimed(
                    Columns.amount(row, "value"),
                    Columns.optionalInstant(row, "since"),
                    row.getLong("channels"),
                    row.getBoolean("leaving"),
                    Columns.amount(row, "shortfall")))
        .single();
  }

  /// Those of leaving payers first, whose time ends soonest before all others; then those that owe
  /// most, or for age those that owe longest: else one old row would make every young one go with
  /// it.
  List<Claimable> due(Instant now, int atMost, ClaimPolicy.Due time) {
    return jdbc.sql(
            """
            SELECT * FROM claimable JOIN channel USING (channel_id)
             WHERE batch_id IS NULL AND due > claimed AND not_before <= :now
               AND (least(due, balance) - claimed >= :least
                    OR (withdrawal AND least(due, balance) > claimed))
               AND (withdrawal OR NOT :onlyLeaving)
             ORDER BY withdrawal DESC, CASE WHEN withdrawal THEN withdrawal_after END,
               CASE WHEN :forAge THEN unclaimed_since END,
               least(due, balance) - claimed DESC LIMIT :limit
            """)
        .param("now", Columns.write(now))
        .param("least", Columns.write(minRowValue))
        .param("onlyLeaving", time.onlyLeaving())
        .param("forAge", time.reason() == ClaimReason.AGE)
        .param("limit", atMost)
        .query((row, _) -> claimable(row))
        .list();
  }

  /// Puts the channel into a batch, unless it is in one by now. That it may have a newer voucher
  /// does not matter: the rest is claimed next time.
  boolean reserve(Claimable claimable, long batch) {
    return jdbc.sql(
                """
                UPDATE claimable SET batch_id = :batch
                 WHERE channel_id = :id AND batch_id IS NULL
                """)
            .param("batch", batch)
            .param("id", claimable.channel().id().toArray())
            .update()
        == 1;
  }

  void claimed(ChannelId id, Amount total, Instant now) {
    channels.claimed(id, total);
    jdbc.sql(
            """
            UPDATE claimable SET batch_id = NULL, failures = 0, unclaimed_since = :now
             WHERE channel_id = :id
            """)
        .param("now", Columns.write(now))
        .param("id", id.toArray())
        .update();
  }

  /// The row did not work; it is tried again later, and later still.
  void postpone(ChannelId id, Instant now) {
    var pause =
        jdbc.sql(
                """
                SELECT failures, withdrawal_after FROM claimable JOIN channel USING (channel_id)
                 WHERE channel_id = :id
                """)
            .param("id", id.toArray())
            .query(
                (row, _) ->
                    policy.pause(
                        row.getInt("failures"),
                        Columns.optionalInstant(row, "withdrawal_after"),
                        now))
            .optional();
    if (pause.isEmpty()) return;
    jdbc.sql(
            """
            UPDATE claimable SET batch_id = NULL, failures = failures + 1, not_before = :until
             WHERE channel_id = :id
            """)
        .param("until", Columns.write(now.plus(pause.get())))
        .param("id", id.toArray())
        .update();
  }

  void moveTo(ChannelId id, long batch) {
    jdbc.sql("UPDATE claimable SET batch_id = :batch WHERE channel_id = :id")
        .param("batch", batch)
        .param("id", id.toArray())
        .update();
  }

  private static Claimable claimable(ResultSet row) throws SQLException {
    var id = Columns.channelId(row, "channel_id");
    var voucher = new Voucher(id, Columns.amount(row, "ceiling"));
    return new Claimable(
        new KnownChannel(id, Columns.config(row)),
        new SignedVoucher(voucher, Columns.signature(row, "signature")),
        Columns.amount(row, "due"));
  }
}
