package millrace.gateway.report;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import millrace.gateway.page.Period;
import millrace.gateway.payment.PaymentLog;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Adds a merchant's balance up, by the month. One query sees one state, so what it says of before
/// and of the month belongs together.
@Repository
class Statements {
  private final JdbcClient jdbc;
  private final PaymentLog payments;

  Statements(JdbcClient jdbc, PaymentLog payments) {
    this.jdbc = jdbc;
    this.payments = payments;
  }

  Statement of(MerchantId merchant, YearMonth month) {
    var period =
        Period.of(
            month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC),
            month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
    var sums =
        jdbc.sql(
                """
                SELECT type, created_at >= :from AS within, count(*) AS count,
                       sum(amount) AS amount, sum(fee) AS fee
                  FROM (SELECT 'PAYMENT' AS type, amount, fee, created_at FROM payment
                         WHERE merchant_id = :merchant AND id < :payments AND created_at < :to
                        UNION ALL
                        SELECT type,
                               CASE WHEN type IN ('REFUND', 'PAYOUT') THEN -amount ELSE amount END,
                               0, created_at FROM balance_entry
                         WHERE merchant_id = :merchant AND created_at < :to) AS moved
                 GROUP BY 1, 2
                """)
            .param("merchant", merchant.value())
            .param("payments", payments.ids(merchant, period).end())
            .param("from", period.fromTime())
            .param("to", period.toTime())
            .query((row, _) -> Sum.of(row))
            .list();
    var lines = new ArrayList<Statement.Line>();
    var opening = BigInteger.ZERO;
    for (var sum : sums) {
      if (sum.within) lines.add(sum.line);
      else opening = opening.add(sum.line.net());
    }
    lines.sort(Comparator.comparing(Statement.Line::type));
    return new Statement(month, opening, lines);
  }

  private record Sum(boolean within, Statement.Line line) {
    static Sum of(ResultSet row) throws SQLException {
      return new Sum(
          row.getBoolean("within"),
          new Statement.Line(
              Objects.requireNonNull(row.getString("type")).toLowerCase(Locale.ROOT),
              row.getLong("count"),
              row.getBigDecimal("amount").toBigIntegerExact(),
              row.getBigDecimal("fee").toBigIntegerExact()));
    }
  }
}
