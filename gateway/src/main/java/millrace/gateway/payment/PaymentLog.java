package millrace.gateway.payment;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import millrace.gateway.page.PageRequest;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The charged payments, copied from channel-service's events for lists and look-ups. A payment
/// never changes, so an event that comes again does no harm.
@Repository
public class PaymentLog {
  private static final String COLUMNS =
      """
      id, merchant_id, channel_id, payer, token, amount, resource, created_at,
      sequence IS NULL OR EXISTS (
        SELECT FROM channel_guard AS g
         WHERE g.channel_id = payment.channel_id AND g.sequence >= payment.sequence) AS guarded
      """;

  private final JdbcClient jdbc;

  PaymentLog(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps what is a payment among the events.
  public void take(List<ReceivedEvent> events) {
    var payments =
        events.stream()
            .filter(event -> event.is(PaymentAccepted.class))
            .map(ReceivedEvent::event)
            .map(PaymentAccepted.class::cast)
            .toList();
    if (!payments.isEmpty()) add(payments);
  }

  private void add(List<PaymentAccepted> payments) {
    jdbc.sql(
            """
            INSERT INTO payment
              (id, merchant_id, channel_id, payer, token, amount, resource, created_at, sequence)
            SELECT * FROM unnest(?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::bytea[],
                                 ?::numeric[], ?::text[], ?::timestamptz[], ?::bigint[])
            ON CONFLICT (id) DO NOTHING
            """)
        .param(column(payments, payment -> payment.paymentId().value(), String[]::new))
        .param(column(payments, payment -> payment.merchantId().value(), String[]::new))
        .param(column(payments, payment -> payment.channelId().toArray(), byte[][]::new))
        .param(column(payments, payment -> payment.config().payer().toArray(), byte[][]::new))
        .param(column(payments, payment -> payment.config().token().toArray(), byte[][]::new))
        .param(
            column(
                payments, payment -> new BigDecimal(payment.amount().units()), BigDecimal[]::new))
        .param(column(payments, PaymentAccepted::resource, String[]::new))
        .param(column(payments, payment -> payment.at().toString(), String[]::new))
        .param(column(payments, PaymentAccepted::sequence, Long[]::new))
        .update();
  }

  Optional<Payment> find(MerchantId merchant, PaymentId id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM payment WHERE id = ? AND merchant_id = ?")
        .param(id.value())
        .param(merchant.value())
        .query(PaymentLog::payment)
        .optional();
  }

  List<Payment> list(MerchantId merchant, Optional<ChannelId> channel, PageRequest page) {
    var ofChannel = channel.isPresent() ? " AND channel_id = :channel" : "";
    var query =
        jdbc.sql(
                "SELECT "
                    + COLUMNS
                    + " FROM payment WHERE merchant_id = :merchant AND id < :before"
                    + ofChannel
                    + " ORDER BY id DESC LIMIT :limit")
            .param("merchant", merchant.value())
            .param("before", page.before())
            .param("limit", page.limitAndOne());
    if (channel.isPresent()) query = query.param("channel", channel.get().toArray());
    return query.query(PaymentLog::payment).list();
  }

  /// The payments between two points of what the merchant has earned, in the order of their ids:
  /// the `amount` that comes after the first `before`.
  public List<CoveredPayment> covered(
      MerchantId merchant, Amount before, Amount amount, PageRequest page) {
    return jdbc.sql(
            """
            SELECT id, channel_id, payer, amount, resource, created_at,
                   least(upto, :end) - greatest(upto - amount, :before) AS covered
              FROM (SELECT *, sum(amount) OVER (ORDER BY id) AS upto
                      FROM payment WHERE merchant_id = :merchant) AS earned
             WHERE upto > :before AND upto - amount < :end AND id < :cursor
             ORDER BY id DESC LIMIT :limit
            """)
        .param("before", new BigDecimal(before.units()))
        .param("end", new BigDecimal(before.plus(amount).units()))
        .param("merchant", merchant.value())
        .param("cursor", page.before())
        .param("limit", page.limitAndOne())
        .query(PaymentLog::coveredPayment)
        .list();
  }

  private static CoveredPayment coveredPayment(ResultSet row, int number) throws SQLException {
    return new CoveredPayment(
        new PaymentId(row.getString("id")),
        ChannelId.of(row.getBytes("channel_id")),
        Address.of(row.getBytes("payer")),
        new Amount(row.getBigDecimal("amount").toBigIntegerExact()),
        new Amount(row.getBigDecimal("covered").toBigIntegerExact()),
        row.getString("resource"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  private static Payment payment(ResultSet row, int number) throws SQLException {
    return new Payment(
        new PaymentId(row.getString("id")),
        new MerchantId(row.getString("merchant_id")),
        ChannelId.of(row.getBytes("channel_id")),
        Optional.of(Address.of(row.getBytes("payer"))),
        Address.of(row.getBytes("token")),
        new Amount(row.getBigDecimal("amount").toBigIntegerExact()),
        PaymentStatus.CHARGED,
        row.getString("resource"),
        row.getBoolean("guarded"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  private static <T> T[] column(
      List<PaymentAccepted> payments, Function<PaymentAccepted, T> value, IntFunction<T[]> array) {
    return payments.stream().map(value).toArray(array);
  }
}
