package millrace.channel.giveback;

import static millrace.channel.sql.Columns.amount;
import static millrace.channel.sql.Columns.channelId;
import static millrace.channel.sql.Columns.instant;
import static millrace.channel.sql.Columns.optionalBytes32;
import static millrace.channel.sql.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.sql.Columns;
import millrace.channel.sql.MerchantList;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.GiveBackView.GiveBackStatus;
import millrace.messaging.command.ListQuery;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table `give_back`.
@Repository
class GiveBackRows {
  private final JdbcClient client;
  private final MerchantList lists;
  private final Address token;

  GiveBackRows(JdbcClient client, MerchantList lists, HubTerms terms) {
    this.client = client;
    this.lists = lists;
    this.token = terms.token().address();
  }

  /// What of a payment that was charged for good may still be given back.
  ///
  /// @param left its amount less what is or was given back
  record Refundable(ChannelId channelId, Amount left) {}

  /// Of payments that are its merchant's. Asked for by who holds the merchant's account, so that no
  /// other refund comes between.
  Optional<Refundable> refundable(MerchantId merchant, PaymentId payment) {
    return client
        .sql(
            """
            SELECT channel_id, amount - (SELECT coalesce(sum(g.amount), 0) FROM give_back AS g
                     WHERE g.payment_id = p.id AND g.status <> 'FAILED') AS rest
              FROM payment AS p
             WHERE p.id = ? AND p.merchant_id = ? AND p.status = 'CHARGED'
            """)
        .params(payment.value(), merchant.value())
        .query((row, number) -> new Refundable(channelId(row, "channel_id"), amount(row, "rest")))
        .optional();
  }

  void insert(GiveBackView refund) {
    client
        .sql(
            """
            INSERT INTO give_back
              (id, merchant_id, payment_id, channel_id, amount, status, created_at, method)
            VALUES (?, ?, ?, ?, ?, 'PENDING', ?, ?)
            """)
        .params(
            Columns.list(
                refund.id().value(),
                refund.merchantId().value(),
                refund.paymentId().value(),
                refund.channelId(),
                refund.amount(),
                refund.createdAt(),
                refund.method().orElse(GiveBackMethod.CREDIT)))
        .update();
  }

  Optional<GiveBackView> find(RefundId id) {
    return client
        .sql("SELECT * FROM give_back WHERE id = ?")
        .param(id.value())
        .query((row, number) -> map(row))
        .optional();
  }

  List<GiveBackView> list(MerchantId merchant, ListQuery query) {
    return lists.of("give_back", merchant, query, (row, number) -> map(row));
  }

  /// @return whether this began it
  boolean begin(RefundId id, Instant at) {
    return client
            .sql(
                """
                UPDATE give_back SET begun_at = ?
                 WHERE id = ? AND status = 'PENDING' AND method = 'ON_CHAIN' AND begun_at IS NULL
                """)
            .params(Columns.list(at, id.value()))
            .update()
        == 1;
  }

  /// The refund, if this ended it.
  Optional<GiveBackView> credited(RefundId id, Instant at) {
    return end(id, false, GiveBackStatus.SUCCEEDED, Optional.empty(), Optional.empty(), at);
  }

  /// The refund, if this ended it.
  Optional<GiveBackView> sent(RefundId id, Bytes32 transaction, Instant at) {
    return end(id, true, GiveBackStatus.SUCCEEDED, Optional.of(transaction), Optional.empty(), at);
  }

  /// The refund, if this ended it before anything was begun.
  Optional<GiveBackView> refused(RefundId id, GiveBackFailure reason, Instant at) {
    return end(id, false, GiveBackStatus.FAILED, Optional.empty(), Optional.of(reason), at);
  }

  /// The refund, if this ended it after it was begun.
  Optional<GiveBackView> notSent(RefundId id, GiveBackFailure reason, Instant at) {
    return end(id, true, GiveBackStatus.FAILED, Optional.empty(), Optional.of(reason), at);
  }

  private Optional<GiveBackView> end(
      RefundId id,
      boolean begun,
      GiveBackStatus status,
      Optional<Bytes32> transaction,
      Optional<GiveBackFailure> failure,
      Instant at) {
    return client
        .sql(
            """
            UPDATE give_back SET status = ?, transaction = ?, failure = ?, ended_at = ?
             WHERE id = ? AND status = 'PENDING' AND (begun_at IS NOT NULL) = ?
            RETURNING *
            """)
        .params(Columns.list(status, transaction, failure, at, id.value(), begun))
        .query((row, number) -> map(row))
        .optional();
  }

  private GiveBackView map(ResultSet row) throws SQLException {
    return new GiveBackView(
        new RefundId(text(row, "id")),
        new MerchantId(text(row, "merchant_id")),
        new PaymentId(text(row, "payment_id")),
        channelId(row, "channel_id"),
        token,
        amount(row, "amount"),
        GiveBackStatus.valueOf(text(row, "status")),
        instant(row, "created_at"),
        Optional.of(GiveBackMethod.valueOf(text(row, "method")))
            .filter(method -> method != GiveBackMethod.CREDIT),
        optionalBytes32(row, "transaction"),
        Optional.ofNullable(row.getString("failure")).map(GiveBackFailure::valueOf));
  }
}
