package millrace.gateway.balance;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.gateway.balance.BalanceTransaction.Kind;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.payment.PaymentLog;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.Ulid;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What moved merchants' balances, copied from the events that tell of it. Entries never change and
/// are named after their events, so one that comes again does no harm. Payments are entries by
/// themselves, under the number of the payment.
@Repository
public class BalanceLog {
  private static final String OF_PAYMENTS =
      """
      SELECT 'txn_' || substr(payment.id, 5) AS id, 'PAYMENT' AS type, amount, fee, token,
             payment.id AS source, created_at,
             coalesce(
               (SELECT metadata FROM payment_link AS l
                 WHERE l.merchant_id = payment.merchant_id AND l.id = substring(
                   payment.resource FROM '/(?:x|pay)/((?:rt|pl)_[0-9a-z]{26})')),
               (SELECT metadata FROM payment_note AS n WHERE n.payment_id = payment.id))
               AS metadata
        FROM payment WHERE merchant_id = :merchant
      """;
  private static final String OF_OTHERS =
      """
      SELECT id, type, amount, 0 AS fee, token, source, created_at,
             (SELECT metadata FROM note AS n WHERE n.object_id = source) AS metadata
        FROM balance_entry WHERE merchant_id = :merchant
      """;

  private static final String IN_PERIOD = " AND created_at >= :from AND created_at < :to";

  /// Ids hold milliseconds, times hold more.
  private static final Duration CLOCKS = Duration.ofSeconds(1);

  private final JdbcClient jdbc;
  private final PaymentLog payments;

  BalanceLog(JdbcClient jdbc, PaymentLog payments) {
    this.jdbc = jdbc;
    this.payments = payments;
  }

  private record Entry(
      ReceivedEvent event,
      MerchantId merchant,
      Kind type,
      Amount amount,
      Address token,
      String source,
      Instant at) {
    /// Sorts by time, as all ids do.
    String id() {
      try {
        byte[] hash =
            MessageDigest.getInstance("SHA-256")
                .digest((event.id() + " balance").getBytes(StandardCharsets.UTF_8));
        return BalanceTransaction.PREFIX + Ulid.of(at, Arrays.copyOf(hash, Ulid.RANDOM_BYTES));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// Keeps what moves a balance among the events, but for payments.
  public void take(List<ReceivedEvent> events) {
    events.stream().flatMap(BalanceLog::entry).forEach(this::add);
  }

  private static Stream<Entry> entry(ReceivedEvent event) {
    // Most events are payments, whose bodies need not be read here.
    if (!event.is(GiveBackRequested.class)
        && !event.is(GiveBackFailed.class)
        && !event.is(PayoutRequested.class)
        && !event.is(PayoutFailed.class)
        && !event.is(PayoutCanceled.class)) {
      return Stream.empty();
    }
    var at = event.at();
    return switch (event.event()) {
      case GiveBackRequested e ->
          one(event, e.merchantId(), Kind.REFUND, e.amount(), e.token(), e.refundId(), at);
      case GiveBackFailed e ->
          one(event, e.merchantId(), Kind.REFUND_FAILURE, e.amount(), e.token(), e.refundId(), at);
      case PayoutRequested e ->
          one(event, e.merchantId(), Kind.PAYOUT, e.amount(), e.token(), e.payoutId(), at);
      case PayoutFailed e ->
          one(event, e.merchantId(), Kind.PAYOUT_FAILURE, e.amount(), e.token(), e.payoutId(), at);
      case PayoutCanceled e ->
          one(event, e.merchantId(), Kind.PAYOUT_CANCEL, e.amount(), e.token(), e.payoutId(), at);
      default -> Stream.empty();
    };
  }

  private static Stream<Entry> one(
      ReceivedEvent event,
      MerchantId merchant,
      Kind type,
      Amount amount,
      Address token,
      Object source,
      Instant at) {
    return Stream.of(new Entry(event, merchant, type, amount, token, source.toString(), at));
  }

  private void add(Entry entry) {
    jdbc.sql(
            """
            INSERT INTO balance_entry (id, merchant_id, type, amount, token, source, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?::timestamptz) ON CONFLICT (id) DO NOTHING
            """)
        .params(
            entry.id(),
            entry.merchant().value(),
            entry.type().name(),
            new BigDecimal(entry.amount().units()),
            entry.token().toArray(),
            entry.source(),
            entry.at().toString())
        .update();
  }

  /// Which entries somebody looks for.
  record Filter(Optional<Kind> type, Optional<String> source, Period period) {}

  List<BalanceTransaction> list(MerchantId merchant, Filter filter, PageRequest page) {
    var ids = payments.ids(merchant, filter.period());
    var others = filter.period().widened(CLOCKS);
    var query =
        jdbc.sql(sql(filter))
            .param("merchant", merchant.value())
            .param("payment", "pay_" + number(page.before()))
            .param("first_payment", ids.first())
            .param("end_payment", ids.end())
            .param("before", page.before())
            .param("first", others.fromId(BalanceTransaction.PREFIX))
            .param("end", others.toId(BalanceTransaction.PREFIX))
            .param("from", filter.period().fromTime())
            .param("to", filter.period().toTime())
            .param("limit", page.limitAndOne());
    if (filter.type().isPresent()) query = query.param("type", filter.type().get().name());
    if (filter.source().isPresent()) query = query.param("source", filter.source().get());
    return query.query(BalanceLog::map).list();
  }

  private static String sql(Filter filter) {
    var source = filter.source();
    var type = filter.type();
    var payments =
        "("
            + OF_PAYMENTS
            + " AND payment.id < :payment"
            + " AND payment.id >= :first_payment AND payment.id < :end_payment"
            + IN_PERIOD
            + source.map(_ -> " AND payment.id = :source").orElse("")
            + " ORDER BY payment.id DESC LIMIT :limit)";
    var others =
        "("
            + OF_OTHERS
            + " AND id < :before AND id >= :first AND id < :end"
            + IN_PERIOD
            + type.map(_ -> " AND type = :type").orElse("")
            + source.map(_ -> " AND source = :source").orElse("")
            + " ORDER BY id DESC LIMIT :limit)";
    var tables =
        type.map(one -> one == Kind.PAYMENT ? payments : others)
            .orElse(payments + " UNION ALL " + others);
    return "SELECT * FROM (" + tables + ") AS all_of_them ORDER BY id DESC LIMIT :limit";
  }

  Optional<BalanceTransaction> find(MerchantId merchant, String id) {
    return jdbc.sql(
            OF_PAYMENTS + " AND payment.id = :payment UNION ALL " + OF_OTHERS + " AND id = :id")
        .param("merchant", merchant.value())
        .param("payment", "pay_" + number(id))
        .param("id", id)
        .query(BalanceLog::map)
        .optional();
  }

  private static String number(String id) {
    return id.substring(BalanceTransaction.PREFIX.length());
  }

  private static BalanceTransaction map(ResultSet row, int number) throws SQLException {
    var type = Kind.valueOf(row.getString("type"));
    return new BalanceTransaction(
        row.getString("id"),
        type,
        type.signed(row.getBigDecimal("amount").toBigIntegerExact()),
        row.getBigDecimal("fee").toBigIntegerExact(),
        Address.of(row.getBytes("token")),
        row.getString("source"),
        Objects.requireNonNull(row.getObject("created_at", OffsetDateTime.class)).toInstant(),
        Metadata.ofJson(row.getString("metadata")));
  }
}
