package millrace.channel.refund;

import static millrace.channel.sql.Columns.amount;
import static millrace.channel.sql.Columns.channelId;
import static millrace.channel.sql.Columns.optionalAmount;
import static millrace.channel.sql.Columns.optionalBytes32;
import static millrace.channel.sql.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import millrace.channel.sql.Columns;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.RefundId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table `refund`.
@Repository
class RefundRows {
  private final JdbcClient client;

  RefundRows(JdbcClient client) {
    this.client = client;
  }

  Optional<RefundRow> find(RefundId id) {
    return client
        .sql("SELECT * FROM refund WHERE id = ?")
        .param(id.value())
        .query((row, number) -> map(row))
        .optional();
  }

  Optional<RefundRow> newest(ChannelId channel) {
    return client
        .sql("SELECT * FROM refund WHERE channel_id = ? ORDER BY created_at DESC LIMIT 1")
        .param(channel.toArray())
        .query((row, number) -> map(row))
        .optional();
  }

  void insert(RefundRow row, Instant at) {
    client
        .sql(
            """
            INSERT INTO refund
              (id, channel_id, ceiling, asked_amount, amount, status, created_at)
            VALUES (?, ?, ?, ?, ?, 'PENDING', ?)
            """)
        .params(
            Columns.list(
                row.id().value(),
                row.channelId(),
                row.ceiling(),
                row.askedAmount(),
                row.amount(),
                at))
        .update();
  }

  /// What had been set aside for it, unless it had ended before.
  Optional<Amount> confirm(RefundConfirmed event, Instant at) {
    return client
        .sql(
            """
            UPDATE refund SET status = 'CONFIRMED', transaction = ?, balance_after = ?, ended_at = ?
             WHERE id = ? AND status = 'PENDING' RETURNING amount
            """)
        .params(
            Columns.list(
                event.transaction(), event.after().balance(), at, event.refundId().value()))
        .query((row, number) -> amount(row, "amount"))
        .optional();
  }

  /// What had been set aside for it, unless it had ended before.
  Optional<Amount> fail(RefundFailed event, Instant at) {
    return client
        .sql(
            """
            UPDATE refund SET status = 'FAILED', detail = ?, ended_at = ?
             WHERE id = ? AND status = 'PENDING' RETURNING amount
            """)
        .params(Columns.list(event.detail(), at, event.refundId().value()))
        .query((row, number) -> amount(row, "amount"))
        .optional();
  }

  private static RefundRow map(ResultSet row) throws SQLException {
    Optional<Instant> endedAt =
        row.getObject("ended_at") == null
            ? Optional.empty()
            : Optional.of(Columns.instant(row, "ended_at"));
    return new RefundRow(
        new RefundId(text(row, "id")),
        channelId(row, "channel_id"),
        amount(row, "ceiling"),
        optionalAmount(row, "asked_amount"),
        amount(row, "amount"),
        RefundRow.Status.valueOf(text(row, "status")),
        optionalBytes32(row, "transaction"),
        optionalAmount(row, "balance_after"),
        Objects.requireNonNullElse(row.getString("detail"), ""),
        endedAt);
  }
}
