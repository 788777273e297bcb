package millrace.channel.payment;

import static millrace.channel.sql.Columns.amount;
import static millrace.channel.sql.Columns.channelId;
import static millrace.channel.sql.Columns.instant;
import static millrace.channel.sql.Columns.integer;
import static millrace.channel.sql.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import millrace.channel.payment.Checked.IdempotencyKey;
import millrace.channel.sql.Columns;
import millrace.channel.sql.Unnest;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.HoldSearch;
import millrace.messaging.command.PaymentStatus;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table `payment`, the journal.
@Repository
class PaymentRows {
  private static final Unnest<PaymentRow> INSERT =
      new Unnest<PaymentRow>(
              """
              INSERT INTO payment
                (id, channel_id, merchant_id, status, sequence, price, amount, ceiling,
                 idempotency_key, fingerprint, resource, expires_at, created_at, charged_at,
                 released_at, view_balance, view_claimed, view_charged,
                 view_withdraw_requested_at, view_refund_nonce, from_credit, held_until,
                 fee)
              SELECT * FROM unnest(
                ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS row (id, channel_id, merchant_id, status, sequence, price, amount, ceiling,
                 idempotency_key, fingerprint, resource, expires_at, created_at, charged_at,
                 released_at, view_balance, view_claimed, view_charged,
                 view_withdraw_requested_at, view_refund_nonce, from_credit, held_until,
                 fee)
               ORDER BY merchant_id, idempotency_key
              """)
          .column("text", row -> row.id().value())
          .column("bytea", PaymentRow::channelId)
          .column("text", row -> row.merchantId().value())
          .column("text", PaymentRow::status)
          .column("int8", row -> boxed(row.sequence()))
          .column("numeric", PaymentRow::price)
          .column("numeric", PaymentRow::amount)
          .column("numeric", PaymentRow::ceiling)
          .column("text", PaymentRow::idempotencyKey)
          .column("text", PaymentRow::fingerprint)
          .column("text", PaymentRow::resource)
          .column("timestamptz", PaymentRow::expiresAt)
          .column("timestamptz", PaymentRow::createdAt)
          .column("timestamptz", PaymentRow::chargedAt)
          .column("timestamptz", PaymentRow::releasedAt)
          .column("numeric", row -> row.view().balance())
          .column("numeric", row -> row.view().claimed())
          .column("numeric", row -> row.view().charged())
          .column("int8", row -> row.view().withdrawRequestedAt())
          .column("numeric", row -> row.view().refundNonce())
          .column("numeric", PaymentRow::fromCredit)
          .column("timestamptz", PaymentRow::heldUntil)
          .column("numeric", PaymentRow::fee);

  /// Only what is reserved can change.
  private static final Unnest<PaymentRow> END =
      new Unnest<PaymentRow>(
              """
              UPDATE payment AS p SET
                status = u.status, sequence = u.sequence, amount = u.amount,
                charged_at = u.charged_at, released_at = u.released_at,
                view_balance = u.view_balance, view_claimed = u.view_claimed,
                view_charged = u.view_charged,
                view_withdraw_requested_at = u.view_withdraw_requested_at,
                view_refund_nonce = u.view_refund_nonce, from_credit = u.from_credit, fee = u.fee
              FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS u (
                id, status, sequence, amount, charged_at, released_at, view_balance,
                view_claimed, view_charged, view_withdraw_requested_at, view_refund_nonce,
                from_credit, fee)
              WHERE p.id = u.id AND p.id = ANY (?) AND p.status = 'RESERVED'
              """)
          .column("text", row -> row.id().value())
          .column("text", PaymentRow::status)
          .column("int8", row -> boxed(row.sequence()))
          .column("numeric", PaymentRow::amount)
          .column("timestamptz", PaymentRow::chargedAt)
          .column("timestamptz", PaymentRow::releasedAt)
          .column("numeric", row -> row.view().balance())
          .column("numeric", row -> row.view().claimed())
          .column("numeric", row -> row.view().charged())
          .column("int8", row -> row.view().withdrawRequestedAt())
          .column("numeric", row -> row.view().refundNonce())
          .column("numeric", PaymentRow::fromCredit)
          .column("numeric", PaymentRow::fee)
          .column("text", row -> row.id().value());

  private final JdbcTemplate jdbc;
  private final JdbcClient client;

  PaymentRows(JdbcTemplate jdbc, JdbcClient client) {
    this.jdbc = jdbc;
    this.client = client;
  }

  /// The payments of these ids, and those that hold one of these keys. `OFFSET 0` keeps PostgreSQL
  /// from turning the join round: reading the journal once and looking each row up among the keys.
  List<PaymentRow> find(Collection<PaymentId> ids, Collection<IdempotencyKey> keys) {
    Object[] idTexts = ids.stream().map(PaymentId::value).toArray();
    Object[] merchants = keys.stream().map(key -> key.merchantId().value()).toArray();
    Object[] keyTexts = keys.stream().map(IdempotencyKey::idempotencyKey).toArray();
    return jdbc.query(
        connection -> {
          var statement =
              connection.prepareStatement(
                  """
                  SELECT * FROM payment WHERE id = ANY (?)
                  UNION ALL
                  SELECT holder.* FROM unnest(?, ?) AS held (merchant_id, idempotency_key),
                    LATERAL (
                      SELECT * FROM payment AS p
                       WHERE p.merchant_id = held.merchant_id
                         AND p.idempotency_key = held.idempotency_key
                         AND p.released_at IS NULL
                      OFFSET 0
                    ) AS holder
                  """);
          statement.setArray(1, connection.createArrayOf("text", idTexts));
          statement.setArray(2, connection.createArrayOf("text", merchants));
          statement.setArray(3, connection.createArrayOf("text", keyTexts));
          return statement;
        },
        (row, number) -> map(row));
  }

  Optional<PaymentRow> find(PaymentId id) {
    return find(List.of(id), List.of()).stream().findFirst();
  }

  void insert(List<PaymentRow> rows) {
    INSERT.update(jdbc, rows);
  }

  void end(List<PaymentRow> rows) {
    int touched = END.update(jdbc, rows);
    if (touched != rows.size()) {
      throw new IllegalStateException(
          "only " + touched + " of " + rows.size() + " payments were still reserved");
    }
  }

  /// Channels whose reservation nobody captured or released in time.
  ///
  /// @param but these
  List<ChannelId> overdue(Instant now, Collection<ChannelId> but, int limit) {
    return client
        .sql(
            """
            SELECT channel_id FROM channel
             WHERE reservation_expires_at <= :now AND channel_id <> ALL (:but)
             ORDER BY reservation_expires_at LIMIT :limit
            """)
        .param("now", Columns.write(now))
        .param("but", but.stream().map(ChannelId::toArray).toArray(byte[][]::new))
        .param("limit", limit)
        .query((row, number) -> channelId(row, "channel_id"))
        .list();
  }

  /// Ends a hold, if nobody has ended it before.
  boolean endHold(PaymentId id, Amount captured, Amount fee, long sequence, Instant at) {
    return client
            .sql(
                """
                UPDATE payment SET hold_ended_at = :at, amount = :captured, fee = :fee,
                   status = CASE WHEN :captured > 0 THEN 'CHARGED' ELSE 'CANCELED' END,
                   sequence = CASE WHEN :captured > 0 THEN :sequence END,
                   charged_at = CASE WHEN :captured > 0 THEN :at END
                 WHERE id = :id AND status = 'HELD' AND :captured <= amount
                """)
            .param("at", Columns.write(at))
            .param("captured", Columns.write(captured))
            .param("fee", Columns.write(fee))
            .param("sequence", sequence)
            .param("id", id.value())
            .update()
        == 1;
  }

  /// Held payments of a merchant, newest first.
  List<PaymentRow> held(HoldSearch wanted) {
    return client
        .sql(
            """
            SELECT p.* FROM payment AS p JOIN channel AS c ON c.channel_id = p.channel_id
             WHERE p.merchant_id = :merchant AND p.status = 'HELD' AND p.id < :before
               AND p.created_at >= :from AND p.created_at < :to
               AND (:channel::bytea IS NULL OR p.channel_id = :channel)
               AND (:payer::bytea IS NULL OR c.payer = :payer)
               AND (:sold::text IS NULL OR position(:sold IN p.resource) > 0)
             ORDER BY p.id DESC LIMIT :limit
            """)
        .param("merchant", wanted.merchantId().value())
        .param("before", wanted.before())
        .param("from", Columns.write(wanted.from()))
        .param("to", Columns.write(wanted.to()))
        .param("channel", wanted.channel().map(ChannelId::toArray).orElse(null), Types.BINARY)
        .param("payer", wanted.payer().map(Address::toArray).orElse(null), Types.BINARY)
        .param("sold", wanted.soldAt().orElse(null), Types.VARCHAR)
        .param("limit", wanted.limit())
        .query((row, number) -> map(row))
        .list();
  }

  /// Holds whose time is over: as agreed, or because their payer is leaving.
  ///
  /// @param but these
  List<PaymentId> holdsToEnd(Instant now, Collection<PaymentId> but, int limit) {
    return client
        .sql(
            """
            (SELECT id FROM payment WHERE status = 'HELD' AND held_until <= :now
                AND id <> ALL (:but) ORDER BY held_until LIMIT :limit)
            UNION
            (SELECT p.id FROM channel AS c JOIN payment AS p ON p.channel_id = c.channel_id
              WHERE c.held > 0 AND c.withdrawal_block IS NOT NULL AND p.status = 'HELD'
                AND to_timestamp(c.withdrawal_finalize_after_seconds
                  - c.withdraw_delay_seconds * 0.75) <= :now
                AND p.id <> ALL (:but) LIMIT :limit)
            """)
        .param("now", Columns.write(now))
        .param("but", but.stream().map(PaymentId::value).toArray(String[]::new))
        .param("limit", limit)
        .query((row, number) -> new PaymentId(text(row, "id")))
        .list();
  }

  private static PaymentRow map(ResultSet row) throws SQLException {
    var channelId = channelId(row, "channel_id");
    long sequence = row.getLong("sequence");
    var numbered = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(sequence);
    return new PaymentRow(
        new PaymentId(text(row, "id")),
        channelId,
        new MerchantId(text(row, "merchant_id")),
        PaymentStatus.valueOf(text(row, "status")),
        numbered,
        amount(row, "price"),
        amount(row, "amount"),
        amount(row, "ceiling"),
        text(row, "idempotency_key"),
        text(row, "fingerprint"),
        text(row, "resource"),
        optionalInstant(row, "expires_at"),
        instant(row, "created_at"),
        optionalInstant(row, "charged_at"),
        optionalInstant(row, "released_at"),
        new ChannelView(
            channelId,
            amount(row, "view_balance"),
            amount(row, "view_claimed"),
            row.getLong("view_withdraw_requested_at"),
            integer(row, "view_refund_nonce"),
            amount(row, "view_charged")),
        amount(row, "from_credit"),
        optionalInstant(row, "held_until"),
        amount(row, "fee"));
  }

  private static Optional<Instant> optionalInstant(ResultSet row, String column)
      throws SQLException {
    return row.getObject(column) == null ? Optional.empty() : Optional.of(instant(row, column));
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
