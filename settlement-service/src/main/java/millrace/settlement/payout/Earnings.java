package millrace.settlement.payout;

import millrace.messaging.event.ChannelEvent.MerchantEarned;
import millrace.protocol.channel.HubTerms;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Keeps what the ledger says merchants have earned.
@Component
public class Earnings {
  private final JdbcClient jdbc;
  private final HubTerms terms;

  Earnings(JdbcClient jdbc, HubTerms terms) {
    this.jdbc = jdbc;
    this.terms = terms;
  }

  /// Repeats and older news change nothing. Nobody is promised anything at an address that the
  /// vault cannot pay.
  public void take(MerchantEarned event) {
    var payee = event.payee();
    if (!event.token().equals(terms.token().address())) return;
    if (payee.isZero() || payee.equals(terms.vault())) return;
    jdbc.sql(
            """
            INSERT INTO earning (merchant_id, payee, token, total)
            VALUES (:merchant, :payee, :token, :total)
            ON CONFLICT (merchant_id) DO UPDATE SET total = greatest(earning.total, excluded.total)
            """)
        .param("merchant", event.merchantId().value())
        .param("payee", payee.toArray())
        .param("token", event.token().toArray())
        .param("total", Columns.write(event.total()))
        .update();
    jdbc.sql(
            """
            INSERT INTO promise (payee, token, cumulative) VALUES (:payee, :token, 0)
            ON CONFLICT DO NOTHING
            """)
        .param("payee", payee.toArray())
        .param("token", event.token().toArray())
        .update();
  }
}
