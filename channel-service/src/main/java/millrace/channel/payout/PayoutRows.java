package millrace.channel.payout;

import static millrace.channel.sql.Columns.address;
import static millrace.channel.sql.Columns.amount;
import static millrace.channel.sql.Columns.instant;
import static millrace.channel.sql.Columns.optionalBytes32;
import static millrace.channel.sql.Columns.text;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.payout.PayoutRow.Cancellation;
import millrace.channel.sql.Columns;
import millrace.channel.sql.MerchantList;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutView.PayoutStatus;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table `payout`.
@Repository
class PayoutRows {
  private final JdbcClient client;
  private final MerchantList lists;

  PayoutRows(JdbcClient client, MerchantList lists) {
    this.client = client;
    this.lists = lists;
  }

  /// The payout of this id, or the one that holds this key of the merchant's.
  Optional<PayoutRow> find(PayoutCommand command) {
    return client
        .sql(
            """
            SELECT * FROM payout
             WHERE id = ? OR (merchant_id = ? AND idempotency_key = ?)
             ORDER BY id = ? DESC LIMIT 1
            """)
        .params(
            Columns.list(
                command.id().value(),
                command.merchantId().value(),
                command.idempotencyKey(),
                command.id().value()))
        .query((row, number) -> map(row))
        .optional();
  }

  Optional<PayoutRow> find(PayoutId id) {
    return client
        .sql("SELECT * FROM payout WHERE id = ?")
        .param(id.value())
        .query((row, number) -> map(row))
        .optional();
  }

  List<PayoutRow> list(MerchantId merchant, ListQuery query) {
    return lists.of("payout", merchant, query, (row, number) -> map(row));
  }

  Amount unfailedBefore(PayoutRow payout) {
    return new Amount(
        client
            .sql(
                """
                SELECT coalesce(sum(amount), 0) FROM payout
                 WHERE merchant_id = ? AND id < ? AND status NOT IN ('FAILED', 'CANCELED')
                """)
            .params(payout.merchantId().value(), payout.id().value())
            .query(BigInteger.class)
            .single());
  }

  Amount paid(MerchantId merchant) {
    return new Amount(
        client
            .sql(
                """
                SELECT coalesce(sum(amount), 0) FROM payout
                 WHERE merchant_id = ? AND status = 'PAID'
                """)
            .param(merchant.value())
            .query(BigInteger.class)
            .single());
  }

  void insert(PayoutRow row) {
    client
        .sql(
            """
            INSERT INTO payout
              (id, merchant_id, payee, amount, status, idempotency_key, fingerprint, created_at)
            VALUES (?, ?, ?, ?, 'PENDING', ?, ?, ?)
            """)
        .params(
            Columns.list(
                row.id().value(),
                row.merchantId().value(),
                row.payee(),
                row.amount(),
                row.idempotencyKey(),
                row.fingerprint(),
                row.createdAt()))
        .update();
  }

  /// The payout, if this ended it.
  Optional<PayoutRow> confirm(PayoutConfirmed event, Instant at) {
    return client
        .sql(
            """
            UPDATE payout SET status = 'PAID', transaction = ?, ended_at = ?
             WHERE id = ? AND status = 'PENDING' RETURNING *
            """)
        .params(Columns.list(event.transaction(), at, event.payoutId().value()))
        .query((row, number) -> map(row))
        .optional();
  }

  /// The payout, if this ended it.
  Optional<PayoutRow> fail(PayoutFailed event, Instant at) {
    return client
        .sql(
            """
            UPDATE payout SET status = 'FAILED', detail = ?, ended_at = ?
             WHERE id = ? AND status = 'PENDING' RETURNING *
            """)
        .params(Columns.list(event.detail(), at, event.payoutId().value()))
        .query((row, number) -> map(row))
        .optional();
  }

  /// The payout, if this ended it.
  Optional<PayoutRow> cancel(PayoutId id, Instant at) {
    return client
        .sql(
            """
            UPDATE payout SET status = 'CANCELED', ended_at = ?
             WHERE id = ? AND status = 'PENDING' RETURNING *
            """)
        .params(Columns.list(at, id.value()))
        .query((row, number) -> map(row))
        .optional();
  }

  /// Whether nobody has asked before, and the payout is under way.
  boolean askToCancel(PayoutId id) {
    return client
            .sql(
                """
                UPDATE payout SET cancellation = 'ASKED'
                 WHERE id = ? AND status = 'PENDING' AND cancellation = 'NOT_ASKED'
                """)
            .param(id.value())
            .update()
        == 1;
  }

  void refuseToCancel(PayoutId id) {
    client
        .sql("UPDATE payout SET cancellation = 'REFUSED' WHERE id = ? AND cancellation = 'ASKED'")
        .param(id.value())
        .update();
  }

  private static PayoutRow map(ResultSet row) throws SQLException {
    return new PayoutRow(
        new PayoutId(text(row, "id")),
        new MerchantId(text(row, "merchant_id")),
        address(row, "payee"),
        amount(row, "amount"),
        PayoutStatus.valueOf(text(row, "status")),
        text(row, "idempotency_key"),
        text(row, "fingerprint"),
        optionalBytes32(row, "transaction"),
        instant(row, "created_at"),
        Cancellation.valueOf(text(row, "cancellation")));
  }
}
