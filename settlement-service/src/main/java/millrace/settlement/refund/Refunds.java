package millrace.settlement.refund;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.RefundId;
import millrace.settlement.chain.KnownChannel;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The refunds that were authorised.
@Component
class Refunds {
  private final JdbcClient jdbc;

  Refunds(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @param merchant whose refund of a payment it is
  record Refund(
      RefundId id,
      KnownChannel channel,
      Amount amount,
      Optional<Bytes32> transaction,
      Optional<MerchantId> merchant) {}

  /// @return false at a repeat
  boolean add(RefundAuthorized event) {
    return jdbc.sql(
                """
                INSERT INTO refund (id, channel_id, amount, state, requested_at, merchant_id)
                VALUES (:id, :channel, :amount, 'SENDING', :at, :merchant) ON CONFLICT DO NOTHING
                """)
            .param("id", event.refundId().value())
            .param("channel", event.channelId().toArray())
            .param("amount", Columns.write(event.amount()))
            .param("at", Columns.write(event.at()))
            .param("merchant", event.merchant().map(MerchantId::value).orElse(null))
            .update()
        == 1;
  }

  Optional<Refund> find(RefundId id) {
    return jdbc.sql("SELECT * FROM refund JOIN channel USING (channel_id) WHERE id = :id")
        .param("id", id.value())
        .query((row, _) -> refund(row))
        .optional();
  }

  /// Those whose transaction stands in that block or before.
  List<Refund> minedUpTo(long block, int atMost) {
    return jdbc.sql(
            """
            SELECT * FROM refund JOIN channel USING (channel_id)
             WHERE state = 'MINED' AND block <= :block ORDER BY block LIMIT :limit
            """)
        .param("block", block)
        .param("limit", atMost)
        .query((row, _) -> refund(row))
        .list();
  }

  void mined(RefundId id, Bytes32 transaction, long block) {
    jdbc.sql(
            """
            UPDATE refund SET state = 'MINED', transaction = :tx, block = :block
             WHERE id = :id AND state = 'SENDING'
            """)
        .param("tx", transaction.toArray())
        .param("block", block)
        .param("id", id.value())
        .update();
  }

  /// @return false when it has ended already
  boolean end(RefundId id, String state, String detail, Instant now) {
    return jdbc.sql(
                """
                UPDATE refund SET state = :state, detail = :detail, ended_at = :now
                 WHERE id = :id AND state IN ('SENDING', 'MINED')
                """)
            .param("state", state)
            .param("detail", detail)
            .param("now", Columns.write(now))
            .param("id", id.value())
            .update()
        == 1;
  }

  private static Refund refund(ResultSet row) throws SQLException {
    return new Refund(
        new RefundId(Columns.text(row, "id")),
        new KnownChannel(Columns.channelId(row, "channel_id"), Columns.config(row)),
        Columns.amount(row, "amount"),
        Columns.optionalBytes32(row, "transaction"),
        Optional.ofNullable(row.getString("merchant_id")).map(MerchantId::new));
  }
}
