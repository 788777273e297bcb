package millrace.gateway.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.page.Period;
import millrace.gateway.payment.PaymentLog;
import millrace.gateway.payment.PaymentLog.IdRange;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What moved a merchant's balance, newest first: payments, which are their own entries, and the
/// rest.
@Repository
class BalanceRows {
  private static final String PREFIX = "txn_";

  /// Ids hold milliseconds, times hold more.
  private static final Duration CLOCKS = Duration.ofSeconds(1);

  private final JdbcClient jdbc;
  private final PaymentLog payments;
  private final Denomination denomination;
  private final ReportSettings settings;

  BalanceRows(
      JdbcClient jdbc, PaymentLog payments, Denomination denomination, ReportSettings settings) {
    this.jdbc = jdbc;
    this.payments = payments;
    this.denomination = denomination;
    this.settings = settings;
  }

  Portions<BalanceRow> of(MerchantId merchant, Period period) {
    return new Cursor(merchant, period);
  }

  private final class Cursor implements Portions<BalanceRow> {
    private final MerchantId merchant;
    private final Period period;
    private final IdRange paymentIds;
    private final Period otherIds;
    private String before;

    Cursor(MerchantId merchant, Period period) {
      this.merchant = merchant;
      this.period = period;
      this.paymentIds = payments.ids(merchant, period);
      this.otherIds = period.widened(CLOCKS);
      this.before = PREFIX + number(paymentIds.end());
    }

    @Override
    public List<BalanceRow> next() {
      var rows =
          jdbc.sql(
                  """
                  SELECT * FROM (
                    (SELECT 'txn_' || substr(payment.id, 5) AS id, 'payment' AS type, amount, fee,
                            token, payment.id AS source, created_at
                       FROM payment
                      WHERE merchant_id = :merchant AND payment.id < :payment
                        AND payment.id >= :first_payment
                        AND created_at >= :from AND created_at < :to
                      ORDER BY payment.id DESC LIMIT :portion)
                    UNION ALL
                    (SELECT id, lower(type),
                            CASE WHEN type IN ('REFUND', 'PAYOUT') THEN -amount ELSE amount END, 0,
                            token, source, created_at
                       FROM balance_entry
                      WHERE merchant_id = :merchant AND id < :before AND id >= :first
                        AND created_at >= :from AND created_at < :to
                      ORDER BY id DESC LIMIT :portion)) AS moved
                   ORDER BY id DESC LIMIT :portion
                  """)
              .param("merchant", merchant.value())
              .param("payment", "pay_" + number(before))
              .param("first_payment", paymentIds.first())
              .param("before", before)
              .param("first", otherIds.fromId(PREFIX))
              .param("from", period.fromTime())
              .param("to", period.toTime())
              .param("portion", settings.portion())
              .query((row, _) -> row(row))
              .list();
      if (!rows.isEmpty()) before = rows.getLast().id();
      return rows;
    }
  }

  private static String number(String id) {
    return id.substring(PREFIX.length());
  }

  private BalanceRow row(ResultSet row) throws SQLException {
    var amount = row.getBigDecimal("amount");
    var fee = row.getBigDecimal("fee");
    return new BalanceRow(
        row.getString("id"),
        Objects.requireNonNull(row.getObject("created_at", OffsetDateTime.class))
            .toInstant()
            .toString(),
        row.getString("type"),
        plain(amount),
        plain(fee),
        plain(amount.subtract(fee)),
        "0x" + HexFormat.of().formatHex(Objects.requireNonNull(row.getBytes("token"))),
        denomination.decimals(),
        row.getString("source"));
  }

  private static String plain(BigDecimal amount) {
    return amount.toBigIntegerExact().toString();
  }

  @Schema(name = "BalanceTransactionRow")
  record BalanceRow(
      String id,
      @JsonProperty("created_at") String createdAt,
      String type,
      String amount,
      String fee,
      String net,
      String asset,
      int decimals,
      String source) {}
}
