package millrace.gateway.payment;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.writer.PaymentWriter;
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
  private static final String PREFIX = "pay_";
  private static final String COLUMNS =
      """
      id, merchant_id, channel_id, payer, token, amount, resource, created_at,
      (SELECT metadata FROM payment_note AS n WHERE n.payment_id = payment.id) AS metadata,
      sequence IS NULL OR EXISTS (
        SELECT FROM channel_guard AS g
         WHERE g.channel_id = payment.channel_id AND g.sequence >= payment.sequence) AS guarded
      """;

  /// As the index has it.
  private static final String SOLD_AT =
      """
       AND resource ~ '/(x|pay)/(rt|pl)_[0-9a-z]{26}'
       AND substring(resource FROM '/(?:x|pay)/((?:rt|pl)_[0-9a-z]{26})') = :sold
      """;

  /// An id is made when a payment begins, its time is when it was charged for good. What takes
  /// longer than this is marked: a hold that was captured late.
  private static final Duration LONGEST_PAYMENT = Duration.ofHours(1);

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
    if (!payments.isEmpty()) PaymentWriter.work(() -> add(payments));
  }

  private int add(List<PaymentAccepted> payments) {
    return jdbc.sql(
            """
            INSERT INTO payment
              (id, merchant_id, channel_id, payer, token, amount, resource, created_at, sequence,
               fee, late)
            SELECT * FROM unnest(?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::bytea[],
                                 ?::numeric[], ?::text[], ?::timestamptz[], ?::bigint[],
                                 ?::numeric[], ?::boolean[])
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
        .param(column(payments, PaymentLog::fee, BigDecimal[]::new))
        .param(column(payments, PaymentLog::isLate, Boolean[]::new))
        .update();
  }

  private static BigDecimal fee(PaymentAccepted payment) {
    return payment.fee().map(fee -> new BigDecimal(fee.units())).orElse(BigDecimal.ZERO);
  }

  private static boolean isLate(PaymentAccepted payment) {
    var first = Period.of(payment.at().minus(LONGEST_PAYMENT), null).fromId(PREFIX);
    return payment.paymentId().value().compareTo(first) < 0;
  }

  /// Where in the order of ids the payments of a period are.
  ///
  /// @param end excluded
  public record IdRange(String first, String end) {}

  public IdRange ids(MerchantId merchant, Period period) {
    var ids = period.widened(LONGEST_PAYMENT);
    var first = ids.fromId(PREFIX);
    return new IdRange(
        period.from().isEmpty() ? first : firstLate(merchant, period).orElse(first),
        ids.toId(PREFIX));
  }

  /// The first of those that were charged in the period and began before all others of it.
  private Optional<String> firstLate(MerchantId merchant, Period period) {
    return jdbc.sql(
            """
            SELECT id FROM payment
             WHERE merchant_id = :merchant AND late AND created_at >= :from AND created_at < :to
               AND id < :first
             ORDER BY id LIMIT 1
            """)
        .param("merchant", merchant.value())
        .param("from", period.fromTime())
        .param("to", period.toTime())
        .param("first", period.widened(LONGEST_PAYMENT).fromId(PREFIX))
        .query(String.class)
        .optional();
  }

  Optional<Payment> find(MerchantId merchant, PaymentId id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM payment WHERE id = ? AND merchant_id = ?")
        .param(id.value())
        .param(merchant.value())
        .query(PaymentLog::payment)
        .optional();
  }

  List<Payment> list(MerchantId merchant, PaymentFilter filter, PageRequest page) {
    var ids = ids(merchant, filter.period());
    var query =
        jdbc.sql(sql(filter))
            .param("merchant", merchant.value())
            .param("before", page.before())
            .param("first", ids.first())
            .param("end", ids.end())
            .param("from", filter.period().fromTime())
            .param("to", filter.period().toTime())
            .param("limit", page.limitAndOne());
    if (filter.channel().isPresent()) {
      query = query.param("channel", filter.channel().get().toArray());
    }
    if (filter.soldAt().isPresent()) query = query.param("sold", filter.soldAt().get());
    if (filter.payer().isPresent()) query = query.param("payer", filter.payer().get().toArray());
    return query.query(PaymentLog::payment).list();
  }

  static String sql(PaymentFilter filter) {
    var wanted =
        """
         FROM payment WHERE merchant_id = :merchant AND id < :before
          AND id >= :first AND id < :end AND created_at >= :from AND created_at < :to
        """
            + (filter.channel().isPresent() ? " AND channel_id = :channel" : "")
            + (filter.soldAt().isPresent() ? SOLD_AT : "");
    var newest = " ORDER BY id DESC LIMIT :limit";
    if (filter.payer().isEmpty()) return "SELECT " + COLUMNS + wanted + newest;
    // Each channel's newest come from the index in order; of these the newest are wanted.
    return "SELECT "
        + COLUMNS
        + " FROM (SELECT paid.* FROM webhook_channel_merchant AS met, LATERAL (SELECT *"
        + wanted
        + " AND payment.channel_id = met.channel_id"
        + newest
        + ") AS paid WHERE met.merchant_id = :merchant AND met.payer = :payer) AS payment"
        + newest;
  }

  /// The `amount` of what a merchant has earned that comes after the first `before`.
  ///
  /// @param channel only what was paid from it
  /// @param payer only what it paid
  public record Covering(
      Amount before, Amount amount, Optional<ChannelId> channel, Optional<Address> payer) {}

  /// The payments, less fees, between two points of what the merchant has earned, in the order of
  /// their ids.
  public List<CoveredPayment> covered(MerchantId merchant, Covering wanted, PageRequest page) {
    return jdbc.sql(
            """
            SELECT id, channel_id, payer, amount, resource, created_at,
                   least(upto, :end) - greatest(upto - (amount - fee), :before) AS covered
              FROM (SELECT *, sum(amount - fee) OVER (ORDER BY id) AS upto
                      FROM payment WHERE merchant_id = :merchant) AS earned
             WHERE upto > :before AND upto - (amount - fee) < :end AND id < :cursor
               AND (:channel::bytea IS NULL OR channel_id = :channel)
               AND (:payer::bytea IS NULL OR payer = :payer)
             ORDER BY id DESC LIMIT :limit
            """)
        .param("before", new BigDecimal(wanted.before().units()))
        .param("end", new BigDecimal(wanted.before().plus(wanted.amount()).units()))
        .param("channel", wanted.channel().map(ChannelId::toArray).orElse(null), Types.BINARY)
        .param("payer", wanted.payer().map(Address::toArray).orElse(null), Types.BINARY)
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
        Metadata.ofJson(row.getString("metadata")),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        Optional.empty());
  }

  private static <T> T[] column(
      List<PaymentAccepted> payments, Function<PaymentAccepted, T> value, IntFunction<T[]> array) {
    return payments.stream().map(value).toArray(array);
  }
}
