package millrace.settlement.payout;

import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.MerchantEarned;
import millrace.messaging.event.SettlementEvent.GiveBackDenied;
import millrace.messaging.event.SettlementEvent.GiveBackGranted;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Keeps what the ledger says merchants have earned.
@Component
public class Earnings {
  private final JdbcClient jdbc;
  private final Promises promises;
  private final Outbox outbox;
  private final HubTerms terms;

  Earnings(JdbcClient jdbc, Promises promises, Outbox outbox, HubTerms terms) {
    this.jdbc = jdbc;
    this.promises = promises;
    this.outbox = outbox;
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

  /// Only what no promise has taken is given back: promises never fall, so the merchant would be
  /// made whole twice. Decided under the lock under which promises are made, once for each refund.
  @Transactional(propagation = Propagation.MANDATORY)
  public void take(GiveBackRequested event) {
    take(
        new MerchantEarned(
            event.merchantId(), event.payee(), event.token(), event.earned(), event.at()));
    promises.lock();
    boolean granted = isUnpromised(event);
    int added =
        jdbc.sql("INSERT INTO give_back (id, granted) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .params(event.refundId().value(), granted)
            .update();
    if (added == 0) return;
    var merchant = event.merchantId();
    if (granted) {
      jdbc.sql("UPDATE earning SET given_back = given_back + :amount WHERE merchant_id = :merchant")
          .param("amount", Columns.write(event.amount()))
          .param("merchant", merchant.value())
          .update();
    }
    outbox.append(
        merchant.value(),
        granted
            ? new GiveBackGranted(event.refundId(), event.channelId(), merchant)
            : new GiveBackDenied(event.refundId(), event.channelId(), merchant));
  }

  /// What was granted could not be given back after all, so it may be promised again. What was
  /// denied failed for that, and nothing is to be done.
  @Transactional(propagation = Propagation.MANDATORY)
  public void take(GiveBackFailed event) {
    promises.lock();
    int failed =
        jdbc.sql("UPDATE give_back SET failed = true WHERE id = ? AND granted AND NOT failed")
            .param(event.refundId().value())
            .update();
    if (failed == 0) return;
    jdbc.sql("UPDATE earning SET given_back = given_back - :amount WHERE merchant_id = :merchant")
        .param("amount", Columns.write(event.amount()))
        .param("merchant", event.merchantId().value())
        .update();
  }

  private boolean isUnpromised(GiveBackRequested event) {
    return jdbc.sql(
            """
            SELECT sum(total - given_back) - :amount >= (
                     SELECT greatest(cumulative, credited) FROM promise
                      WHERE payee = :payee AND token = :token)
              FROM earning WHERE payee = :payee AND token = :token
            """)
        .param("amount", Columns.write(event.amount()))
        .param("payee", event.payee().toArray())
        .param("token", event.token().toArray())
        .query((row, _) -> row.getBoolean(1))
        .single();
  }
}
