package millrace.gateway.channel;

import java.util.List;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// From which channels a merchant was paid. No other merchant's channels can be seen.
@Repository
class PaidChannels {
  private final JdbcClient jdbc;

  PaidChannels(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  boolean paid(ChannelId channel, MerchantId merchant) {
    return jdbc.sql("SELECT 1 FROM payment WHERE merchant_id = ? AND channel_id = ? LIMIT 1")
        .param(merchant.value())
        .param(channel.toArray())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /// In order of their ids. Goes through the index from channel to channel, however many payments
  /// each has.
  ///
  /// @param payer only its channels, which are few
  List<ChannelId> after(
      MerchantId merchant, Optional<Address> payer, Optional<ChannelId> after, int limit) {
    return payer
        .map(one -> ofPayer(merchant, one, after, limit))
        .orElseGet(() -> ofAll(merchant, after, limit));
  }

  private List<ChannelId> ofPayer(
      MerchantId merchant, Address payer, Optional<ChannelId> after, int limit) {
    return jdbc.sql(
            """
            SELECT channel_id FROM webhook_channel_merchant
             WHERE merchant_id = :merchant AND payer = :payer AND channel_id > :after
             ORDER BY channel_id LIMIT :limit
            """)
        .param("merchant", merchant.value())
        .param("payer", payer.toArray())
        .param("after", after.map(ChannelId::toArray).orElse(new byte[0]))
        .param("limit", limit)
        .query((row, _) -> ChannelId.of(row.getBytes("channel_id")))
        .list();
  }

  private List<ChannelId> ofAll(MerchantId merchant, Optional<ChannelId> after, int limit) {
    return jdbc.sql(
            """
            WITH RECURSIVE paid (channel_id) AS (
              (SELECT channel_id FROM payment
                WHERE merchant_id = :merchant AND channel_id > :after
                ORDER BY channel_id LIMIT 1)
              UNION ALL
              SELECT next.channel_id FROM paid, LATERAL (
                SELECT channel_id FROM payment
                 WHERE merchant_id = :merchant AND channel_id > paid.channel_id
                 ORDER BY channel_id LIMIT 1) AS next)
            SELECT channel_id FROM paid LIMIT :limit
            """)
        .param("merchant", merchant.value())
        .param("after", after.map(ChannelId::toArray).orElse(new byte[0]))
        .param("limit", limit)
        .query((row, _) -> ChannelId.of(row.getBytes("channel_id")))
        .list();
  }
}
