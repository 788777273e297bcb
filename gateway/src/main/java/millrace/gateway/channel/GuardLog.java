package millrace.gateway.channel;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.VouchersGuarded;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Up to which payment the watchtower holds each channel's voucher. Its news are cumulative, so
/// what comes again or late changes nothing.
@Repository
public class GuardLog {
  private final JdbcClient jdbc;

  GuardLog(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps what the watchtower says among the events.
  public void take(List<ReceivedEvent> events) {
    var newest = new TreeMap<ChannelId, Kept>();
    for (var event : events) {
      if (!event.is(VouchersGuarded.class)) continue;
      if (!(event.event() instanceof VouchersGuarded(var vouchers, var at))) continue;
      for (var guarded : vouchers) {
        newest.merge(guarded.channelId(), new Kept(guarded, at.toString()), Kept::or);
      }
    }
    if (!newest.isEmpty()) keep(List.copyOf(newest.values()));
  }

  public Optional<Held> find(ChannelId channel) {
    return jdbc.sql("SELECT sequence, charged, guarded_at FROM channel_guard WHERE channel_id = ?")
        .param(channel.toArray())
        .query(
            (row, _) ->
                new Held(
                    new Guarded(
                        channel,
                        row.getLong("sequence"),
                        new Amount(row.getBigDecimal("charged").toBigIntegerExact())),
                    row.getObject("guarded_at", OffsetDateTime.class).toInstant()))
        .optional();
  }

  /// @param at when the watchtower had it
  public record Held(Guarded voucher, Instant at) {}

  private record Kept(Guarded guarded, String at) {
    Kept or(Kept other) {
      return other.guarded.sequence() > guarded.sequence() ? other : this;
    }
  }

  private void keep(List<Kept> newest) {
    jdbc.sql(
            """
            INSERT INTO channel_guard AS kept (channel_id, sequence, charged, guarded_at)
            SELECT * FROM unnest(?::bytea[], ?::bigint[], ?::numeric[], ?::timestamptz[])
            ON CONFLICT (channel_id) DO UPDATE
              SET sequence = excluded.sequence,
                  charged = greatest(kept.charged, excluded.charged),
                  guarded_at = excluded.guarded_at
              WHERE excluded.sequence > kept.sequence
            """)
        .param(newest.stream().map(k -> k.guarded.channelId().toArray()).toArray(byte[][]::new))
        .param(newest.stream().map(k -> k.guarded.sequence()).toArray(Long[]::new))
        .param(
            newest.stream()
                .map(k -> new BigDecimal(k.guarded.charged().units()))
                .toArray(BigDecimal[]::new))
        .param(newest.stream().map(Kept::at).toArray(String[]::new))
        .update();
  }
}
