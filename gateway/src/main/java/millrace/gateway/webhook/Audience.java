package millrace.gateway.webhook;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Whom the events of a channel concern: the merchants who were paid from it. Nobody else learns
/// that a channel exists.
@Repository
class Audience {
  private final JdbcClient jdbc;

  Audience(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @param body what is told of the channel to a merchant who is paid from it later
  void opened(ChannelId channel, String body) {
    jdbc.sql(
            """
            INSERT INTO webhook_channel (channel_id, body) VALUES (?, ?)
            ON CONFLICT (channel_id) DO NOTHING
            """)
        .param(channel.toArray())
        .param(body)
        .update();
  }

  Optional<String> openedBody(ChannelId channel) {
    return jdbc.sql("SELECT body FROM webhook_channel WHERE channel_id = ?")
        .param(channel.toArray())
        .query(String.class)
        .optional();
  }

  /// Those of the pairs that were not known before.
  Set<Pair> met(Collection<Pair> pairs) {
    if (pairs.isEmpty()) return Set.of();
    var distinct = new LinkedHashSet<>(pairs);
    return jdbc
        .sql(
            """
            INSERT INTO webhook_channel_merchant (channel_id, merchant_id, payer)
            SELECT * FROM unnest(?::bytea[], ?::text[], ?::bytea[]) AS t(channel_id, merchant_id)
            ORDER BY 1, 2
            ON CONFLICT DO NOTHING
            RETURNING channel_id, merchant_id, payer
            """)
        .param(distinct.stream().map(pair -> pair.channel.toArray()).toArray(byte[][]::new))
        .param(distinct.stream().map(pair -> pair.merchant.value()).toArray(String[]::new))
        .param(distinct.stream().map(pair -> pair.payer.toArray()).toArray(byte[][]::new))
        .query(
            (row, _) ->
                new Pair(
                    ChannelId.of(row.getBytes("channel_id")),
                    new MerchantId(row.getString("merchant_id")),
                    Address.of(row.getBytes("payer"))))
        .list()
        .stream()
        .collect(Collectors.toCollection(HashSet::new));
  }

  Map<ChannelId, Set<MerchantId>> of(Collection<ChannelId> channels) {
    Map<ChannelId, Set<MerchantId>> audience = new HashMap<>();
    if (channels.isEmpty()) return audience;
    jdbc.sql(
            """
            SELECT channel_id, merchant_id FROM webhook_channel_merchant
            WHERE channel_id = ANY (?::bytea[])
            """)
        .param(channels.stream().map(ChannelId::toArray).toArray(byte[][]::new))
        .query(
            row -> {
              audience
                  .computeIfAbsent(
                      ChannelId.of(row.getBytes("channel_id")), _ -> new LinkedHashSet<>())
                  .add(new MerchantId(row.getString("merchant_id")));
            });
    return audience;
  }

  record Pair(ChannelId channel, MerchantId merchant, Address payer) {
    static Pair of(PaymentAccepted paid) {
      return new Pair(paid.channelId(), paid.merchantId(), paid.config().payer());
    }
  }
}
