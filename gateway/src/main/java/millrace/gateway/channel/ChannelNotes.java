package millrace.gateway.channel;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.metadata.Metadata;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// What merchants note on channels. Other merchants who are paid from the same channel see nothing
/// of it.
@Repository
class ChannelNotes {
  private final JdbcClient jdbc;
  private final AuditLog audit;
  private final Clock clock;

  ChannelNotes(JdbcClient jdbc, AuditLog audit, Clock clock) {
    this.jdbc = jdbc;
    this.audit = audit;
    this.clock = clock;
  }

  Metadata on(MerchantId merchant, ChannelId channel) {
    return on(merchant, List.of(channel)).getOrDefault(channel, Metadata.NONE);
  }

  /// By channel. Channels without notes are absent.
  Map<ChannelId, Metadata> on(MerchantId merchant, Collection<ChannelId> channels) {
    if (channels.isEmpty()) return Map.of();
    var found = new HashMap<ChannelId, Metadata>();
    jdbc.sql(
            "SELECT channel_id, metadata FROM channel_note"
                + " WHERE merchant_id = ? AND channel_id = ANY (?::bytea[])")
        .param(merchant.value())
        .param(channels.stream().map(ChannelId::toArray).toArray(byte[][]::new))
        .query(
            row -> {
              found.put(
                  ChannelId.of(row.getBytes("channel_id")),
                  Metadata.ofJson(row.getString("metadata")));
            });
    return found;
  }

  /// Two changes at once both count: the row is there before it is locked.
  @Transactional
  public Metadata change(MerchantId merchant, ChannelId channel, Metadata change) {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    jdbc.sql(
            """
            INSERT INTO channel_note (merchant_id, channel_id, metadata, updated_at)
            VALUES (?, ?, ?, ?) ON CONFLICT (merchant_id, channel_id) DO NOTHING
            """)
        .params(merchant.value(), channel.toArray(), Metadata.NONE.json(), now)
        .update();
    var noted =
        jdbc.sql(
                "SELECT metadata FROM channel_note WHERE merchant_id = ? AND channel_id = ?"
                    + " FOR UPDATE")
            .params(merchant.value(), channel.toArray())
            .query(String.class)
            .single();
    var changed = Metadata.ofJson(noted).changedBy(change);
    jdbc.sql(
            """
            UPDATE channel_note SET metadata = ?, updated_at = ?
             WHERE merchant_id = ? AND channel_id = ?
            """)
        .params(changed.json(), now, merchant.value(), channel.toArray())
        .update();
    audit.note(channel.toString());
    return changed;
  }
}
