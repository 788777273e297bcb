package millrace.channel.guard;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.channel.sql.Columns;
import millrace.channel.sql.Unnest;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.VouchersGuarded;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// What the tower holds of each channel. Its news are cumulative: what is older or comes again
/// changes nothing.
@Repository
public class Guards {
  private static final Unnest<Kept> KEEP =
      new Unnest<Kept>(
              """
              WITH kept AS (
                INSERT INTO guard AS g (channel_id, charged, sequence, guarded_at, counted)
                SELECT channel_id, charged, sequence, guarded_at, charged
                  FROM unnest(?, ?, ?, ?) AS u (channel_id, charged, sequence, guarded_at)
                 ORDER BY channel_id
                ON CONFLICT (channel_id) DO UPDATE SET
                  charged = greatest(g.charged, excluded.charged),
                  sequence = greatest(g.sequence, excluded.sequence),
                  guarded_at = excluded.guarded_at,
                  counted = greatest(g.counted, excluded.charged)
                WHERE excluded.charged > g.charged OR excluded.sequence > g.sequence
                RETURNING new.counted - coalesce(old.counted, 0) AS gained)
              UPDATE exposed_total
                 SET amount = amount - (SELECT coalesce(sum(gained), 0) FROM kept)
               WHERE stripe = 0 AND EXISTS (SELECT FROM kept)
              """)
          .column("bytea", Kept::channelId)
          .column("numeric", Kept::charged)
          .column("int8", Kept::sequence)
          .column("timestamptz", Kept::at);

  private final JdbcTemplate jdbc;
  private final JdbcClient client;

  Guards(JdbcTemplate jdbc, JdbcClient client) {
    this.jdbc = jdbc;
    this.client = client;
  }

  private record Kept(ChannelId channelId, Amount charged, long sequence, Instant at) {
    Kept or(Kept other) {
      return other.sequence > sequence ? other : this;
    }
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void keep(List<VouchersGuarded> news) {
    var newest = new TreeMap<ChannelId, Kept>();
    for (var told : news) {
      for (Guarded guarded : told.vouchers()) {
        var kept = new Kept(guarded.channelId(), guarded.charged(), guarded.sequence(), told.at());
        newest.merge(kept.channelId(), kept, Kept::or);
      }
    }
    KEEP.update(jdbc, List.copyOf(newest.values()));
  }

  /// More was claimed of the channel than was charged, so the charge was raised: that money is on
  /// chain and needs no guard.
  @Transactional(propagation = Propagation.MANDATORY)
  public void overclaimed(ChannelId id, Amount raisedBy, Amount charged, Instant at) {
    KEEP.update(jdbc, List.of(new Kept(id, charged, 0, at)));
    add(raisedBy.units());
  }

  private void add(BigInteger amount) {
    client
        .sql("UPDATE exposed_total SET amount = amount + ? WHERE stripe = 0")
        .param(new BigDecimal(amount))
        .update();
  }

  /// What was claimed and the tower never got is safe as well, and is taken from the total, so that
  /// a tower that lost vouchers does not stop a hub for ever.
  ///
  /// @return how many channels that were
  @Transactional(propagation = Propagation.MANDATORY)
  public int countClaimed() {
    return client
        .sql(
            """
            WITH kept AS (
              INSERT INTO guard AS g (channel_id, charged, sequence, guarded_at, counted)
              SELECT c.channel_id, 0, 0, now(), least(c.claimed, c.charged)
                FROM channel AS c LEFT JOIN guard AS known ON known.channel_id = c.channel_id
               WHERE c.claimed > 0 AND least(c.claimed, c.charged) > coalesce(known.counted, 0)
               ORDER BY c.channel_id
              ON CONFLICT (channel_id) DO UPDATE SET counted = excluded.counted
                WHERE excluded.counted > g.counted
              RETURNING new.counted - coalesce(old.counted, 0) AS gained)
            UPDATE exposed_total
               SET amount = amount - (SELECT coalesce(sum(gained), 0) FROM kept)
             WHERE stripe = 0 AND EXISTS (SELECT FROM kept)
            """)
        .update();
  }

  /// Of the newest payment whose voucher the tower holds; 0 for none.
  public long sequence(ChannelId id) {
    return client
        .sql("SELECT sequence FROM guard WHERE channel_id = ?")
        .param(id.toArray())
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /// What is charged and not guarded, of all channels.
  public Amount exposed() {
    return client
        .sql("SELECT greatest(sum(amount), 0) AS exposed FROM exposed_total")
        .query((row, number) -> Columns.amount(row, "exposed"))
        .single();
  }

  /// Lets no other transaction count these payers' channels until this one ends. To be asked for
  /// after the channels' rows, as every batch does, so that nobody waits for each other.
  @Transactional(propagation = Propagation.MANDATORY)
  public void exclude(Collection<Address> payers) {
    for (var payer : payers.stream().map(Address::toString).sorted().toList()) {
      client
          .sql("SELECT pg_advisory_xact_lock(hashtextextended(?, 1))")
          .param("exposure of " + payer)
          .query((row, number) -> number)
          .single();
    }
  }

  /// What is charged or held and not guarded, of every channel of these payers where anything is.
  public Map<Address, Map<ChannelId, Amount>> exposedOf(Collection<Address> payers) {
    var exposed = new HashMap<Address, Map<ChannelId, Amount>>();
    byte[][] keys = payers.stream().map(Address::toArray).toArray(byte[][]::new);
    jdbc.query(
        connection -> {
          var statement =
              connection.prepareStatement(
                  """
                  SELECT * FROM (
                    SELECT c.payer, c.channel_id,
                           c.charged + coalesce(c.reservation_price, 0) - greatest(c.claimed,
                             (SELECT g.charged FROM guard AS g WHERE g.channel_id = c.channel_id))
                           AS exposed
                      FROM channel AS c WHERE c.payer = ANY (?)) AS counted
                   WHERE exposed > 0
                  """);
          statement.setArray(1, connection.createArrayOf("bytea", keys));
          return statement;
        },
        row -> {
          exposed
              .computeIfAbsent(Columns.address(row, "payer"), _ -> new HashMap<>())
              .put(Columns.channelId(row, "channel_id"), Columns.amount(row, "exposed"));
        });
    return exposed;
  }
}
