package millrace.channel.ledger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import millrace.messaging.command.AccountOffView;
import millrace.messaging.command.LedgerView;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Adds the ledger up and says when it does not come out at zero.
@Component
public class LedgerCheck {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerCheck.class);

  private static final int MOST_ACCOUNTS = 100;

  private final JdbcClient client;
  private final Address token;
  private volatile double imbalance = Double.NaN;
  private volatile double payersOff = Double.NaN;
  private volatile double shortfall = Double.NaN;

  LedgerCheck(JdbcClient client, HubTerms terms, MeterRegistry metrics) {
    this.client = client;
    this.token = terms.token().address();
    Gauge.builder("millrace.channel.ledger.imbalance", () -> imbalance)
        .description("credits less debits; anything but zero is a bug")
        .register(metrics);
    Gauge.builder("millrace.channel.ledger.payers.off", () -> payersOff)
        .description("channels whose ledger account is not balance and returned less charged")
        .register(metrics);
    Gauge.builder("millrace.channel.shortfall", () -> shortfall)
        .description("base units that payers owe beyond what their channels hold")
        .register(metrics);
  }

  /// One statement, so that all of it is of one moment.
  public LedgerView summary() {
    return client
        .sql(
            """
            SELECT
              -coalesce((SELECT balance FROM ledger_account WHERE kind = 'ESCROW'), 0) AS escrow,
              -coalesce((SELECT balance FROM ledger_account WHERE kind = 'CLAIMED'), 0) AS claimed,
              -coalesce((SELECT balance FROM ledger_account WHERE kind = 'VAULT'), 0) AS vault,
              c.payers, c.shortfall, c.payers_off, c.lost_escrow + u.escrow AS unposted_escrow,
              c.lost_claimed + u.claimed AS unposted_claimed, a.merchants, a.payouts,
              a.refunds, a.fees,
              a.credit, a.held, a.total, c.claimed_credit,
              (a.credit <> c.credit_by_channel OR a.held <> c.held_by_channel)::int AS credits_off,
              (SELECT coalesce(sum(amount), 0) FROM payout WHERE status = 'PAID') AS paid_out
            FROM
              (SELECT coalesce(sum(payer_balance), 0) AS payers,
                      coalesce(sum(due - balance) FILTER (WHERE due > balance), 0) AS shortfall,
                      count(*) FILTER (WHERE NOT lost
                        AND payer_balance <> balance + returned - charged) AS payers_off,
                      coalesce(sum(held) FILTER (WHERE NOT lost), 0) AS held_by_channel,
                      coalesce(sum(credit) FILTER (WHERE NOT lost), 0) AS credit_by_channel,
                      coalesce(sum(claimed - due) FILTER (WHERE NOT lost AND claimed > due), 0)
                        AS claimed_credit,
                      coalesce(sum(balance - claimed) FILTER (WHERE lost), 0) AS lost_escrow,
                      coalesce(sum(claimed) FILTER (WHERE lost), 0) AS lost_claimed
                 FROM (SELECT *, charged - held - credit - returned AS due FROM channel)
                   AS channel) AS c,
              (SELECT coalesce(sum(balance - claimed), 0) AS escrow,
                      coalesce(sum(claimed), 0) AS claimed FROM unknown_channel) AS u,
              (SELECT coalesce(sum(balance), 0) AS total,
                      coalesce(sum(balance) FILTER (WHERE kind = 'MERCHANT'), 0) AS merchants,
                      coalesce(sum(balance) FILTER (WHERE kind = 'PAYOUT'), 0) AS payouts,
                      coalesce(sum(balance) FILTER (WHERE kind = 'REFUND'), 0) AS refunds,
                      coalesce(sum(balance) FILTER (WHERE kind = 'FEES'), 0) AS fees,
                      coalesce(sum(balance) FILTER (WHERE kind = 'CREDIT'), 0) AS credit,
                      coalesce(sum(balance) FILTER (WHERE kind = 'HELD'), 0) AS held
                 FROM ledger_account) AS a
            """)
        .query((row, number) -> map(row))
        .single();
  }

  /// How many accounts are off, as far as [#accountsOff(int)] looks.
  public long accountsOff() {
    return accountsOff(MOST_ACCOUNTS).size();
  }

  /// Accounts whose kept balance is not what their transfers add up to, the worst first. Reads the
  /// whole journal.
  List<AccountOffView> accountsOff(int atMost) {
    return client
        .sql(
            """
            WITH side (kind, owner, gain) AS (
              SELECT credit, coalesce(CASE
                       WHEN credit IN ('MERCHANT', 'PAYOUT', 'REFUND') THEN merchant_id
                       WHEN credit IN ('PAYER', 'CREDIT', 'HELD', 'OVERCLAIM')
                         THEN '0x' || encode(channel_id, 'hex') END, ''), amount
                FROM ledger_transfer
              UNION ALL
              SELECT debit, coalesce(CASE
                       WHEN debit IN ('MERCHANT', 'PAYOUT', 'REFUND') THEN merchant_id
                       WHEN debit IN ('PAYER', 'CREDIT', 'HELD', 'OVERCLAIM')
                         THEN '0x' || encode(channel_id, 'hex') END, ''), -amount
                FROM ledger_transfer),
            posted AS (SELECT kind, owner, sum(gain) AS balance FROM side GROUP BY kind, owner),
            kept AS (
              SELECT kind, owner, sum(balance) AS balance FROM ledger_account GROUP BY kind, owner
              UNION ALL
              SELECT 'PAYER', '0x' || encode(channel_id, 'hex'), payer_balance FROM channel)
            SELECT kind, owner, coalesce(posted.balance, 0) AS posted,
                   coalesce(kept.balance, 0) AS kept
              FROM posted FULL JOIN kept USING (kind, owner)
             WHERE coalesce(posted.balance, 0) <> coalesce(kept.balance, 0)
             ORDER BY abs(coalesce(posted.balance, 0) - coalesce(kept.balance, 0)) DESC LIMIT ?
            """)
        .param(atMost)
        .query(
            (row, number) ->
                new AccountOffView(
                    row.getString("kind"),
                    row.getString("owner"),
                    integer(row, "posted"),
                    integer(row, "kept")))
        .list();
  }

  @Scheduled(fixedDelayString = "${millrace.channel.ledger.check-interval:30s}")
  void check() {
    try {
      var summary = summary();
      imbalance = summary.imbalance().doubleValue();
      payersOff = summary.payersOff();
      shortfall = summary.shortfall().doubleValue();
      if (!summary.balances()) LOG.error("the ledger does not balance: {}", summary);
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("the ledger was not checked: {}", e.toString());
    }
  }

  private LedgerView map(ResultSet row) throws SQLException {
    var payers = integer(row, "payers");
    return new LedgerView(
        token,
        integer(row, "escrow"),
        integer(row, "claimed"),
        integer(row, "vault"),
        payers,
        integer(row, "merchants"),
        integer(row, "payouts"),
        integer(row, "refunds"),
        integer(row, "fees"),
        integer(row, "paid_out"),
        integer(row, "credit"),
        integer(row, "held"),
        integer(row, "claimed_credit"),
        integer(row, "shortfall"),
        integer(row, "total").add(payers),
        row.getLong("payers_off") + row.getLong("credits_off"),
        integer(row, "unposted_escrow"),
        integer(row, "unposted_claimed"));
  }

  private static BigInteger integer(ResultSet row, String column) throws SQLException {
    return row.getBigDecimal(column).toBigIntegerExact();
  }
}
