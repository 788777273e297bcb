package millrace.gateway.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import millrace.gateway.page.Period;
import millrace.gateway.payment.PaymentLog;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The charged payments of a merchant, newest first.
@Repository
class PaymentRows {
  private final JdbcClient jdbc;
  private final PaymentLog log;
  private final HubTerms terms;
  private final ReportSettings settings;

  PaymentRows(JdbcClient jdbc, PaymentLog log, HubTerms terms, ReportSettings settings) {
    this.jdbc = jdbc;
    this.log = log;
    this.terms = terms;
    this.settings = settings;
  }

  Portions<PaymentRow> of(MerchantId merchant, Period period) {
    return new Cursor(merchant, period);
  }

  private final class Cursor implements Portions<PaymentRow> {
    private final MerchantId merchant;
    private final Period period;
    private final String first;
    private String before;

    Cursor(MerchantId merchant, Period period) {
      this.merchant = merchant;
      this.period = period;
      var ids = log.ids(merchant, period);
      this.first = ids.first();
      this.before = ids.end();
    }

    @Override
    public List<PaymentRow> next() {
      var rows =
          jdbc.sql(
                  """
                  SELECT id, created_at, amount, token, channel_id, payer, resource FROM payment
                   WHERE merchant_id = :merchant AND id < :before AND id >= :first
                     AND created_at >= :from AND created_at < :to
                   ORDER BY id DESC LIMIT :portion
                  """)
              .param("merchant", merchant.value())
              .param("before", before)
              .param("first", first)
              .param("from", period.fromTime())
              .param("to", period.toTime())
              .param("portion", settings.portion())
              .query((row, _) -> row(row))
              .list();
      if (!rows.isEmpty()) before = rows.getLast().id();
      return rows;
    }
  }

  private PaymentRow row(ResultSet row) throws SQLException {
    return new PaymentRow(
        row.getString("id"),
        Objects.requireNonNull(row.getObject("created_at", OffsetDateTime.class))
            .toInstant()
            .toString(),
        "succeeded",
        row.getString("amount"),
        hex(row, "token"),
        terms.token().decimals(),
        hex(row, "channel_id"),
        hex(row, "payer"),
        row.getString("resource"));
  }

  private static String hex(ResultSet row, String column) throws SQLException {
    return "0x" + HexFormat.of().formatHex(Objects.requireNonNull(row.getBytes(column)));
  }

  /// As text: of a million none becomes an object of the domain on its way.
  @Schema(name = "PaymentRow")
  record PaymentRow(
      String id,
      @JsonProperty("created_at") String createdAt,
      String status,
      String amount,
      String asset,
      int decimals,
      String channel,
      String payer,
      String resource) {}
}
