package millrace.gateway.merchant;

import java.util.List;
import millrace.gateway.hub.Hub;
import millrace.gateway.hub.HubException;
import millrace.messaging.command.PayeeCommand;
import millrace.protocol.type.Address;
import millrace.protocol.type.MerchantId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Tells channel-service where new merchants are paid, so that they are promised their earnings
/// without asking. A merchant can be made while channel-service is down; then it is told later.
@Component
class PayeeNews {
  private static final Logger LOG = LoggerFactory.getLogger(PayeeNews.class);
  private static final int PAGE = 500;

  private final JdbcClient jdbc;
  private final Hub hub;

  PayeeNews(JdbcClient jdbc, Hub hub) {
    this.jdbc = jdbc;
    this.hub = hub;
  }

  @Scheduled(fixedDelayString = "${millrace.gateway.payee-news:2s}")
  void tell() {
    try {
      while (tellSome() == PAGE) {
        // The next page.
      }
    } catch (HubException | DataAccessException later) {
      LOG.debug("payees are told later", later);
    }
  }

  private int tellSome() {
    var news = untold();
    if (news.isEmpty()) return 0;
    hub.tellPayees(news);
    jdbc.sql("INSERT INTO payee_told SELECT * FROM unnest(?::text[]) ON CONFLICT DO NOTHING")
        .param(news.stream().map(payee -> payee.merchantId().value()).toArray(String[]::new))
        .update();
    return news.size();
  }

  private List<PayeeCommand> untold() {
    return jdbc.sql(
            """
            SELECT id, payout_address FROM merchant
             WHERE NOT EXISTS (SELECT FROM payee_told WHERE merchant_id = id)
             ORDER BY id DESC LIMIT ?
            """)
        .param(PAGE)
        .query(
            (row, _) ->
                new PayeeCommand(
                    new MerchantId(row.getString("id")),
                    Address.of(row.getString("payout_address"))))
        .list();
  }
}
