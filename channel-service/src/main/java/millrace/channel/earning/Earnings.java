package millrace.channel.earning;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import millrace.channel.sql.Columns;
import millrace.channel.sql.Transactions;
import millrace.channel.sql.Unnest;
import millrace.messaging.command.EarnedView;
import millrace.messaging.command.PayeeCommand;
import millrace.messaging.event.ChannelEvent.MerchantEarned;
import millrace.messaging.outbox.Outbox;
import millrace.messaging.outbox.Outgoing;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Adds up now and then what each merchant has earned, and tells of it when it has grown. Off the
/// way of payments: they only post to the ledger, which is added up here.
@Component
public class Earnings {
  private static final Logger LOG = LoggerFactory.getLogger(Earnings.class);
  private static final int PAGE = 500;

  private static final Unnest<PayeeCommand> INSERT =
      new Unnest<PayeeCommand>(
              """
              INSERT INTO payee (merchant_id, payee) SELECT * FROM unnest(?, ?)
              ON CONFLICT DO NOTHING
              """)
          .column("text", payee -> payee.merchantId().value())
          .column("bytea", PayeeCommand::payee);

  private static final Unnest<Earner> REMEMBER =
      new Unnest<Earner>(
              """
              UPDATE payee SET told = earned
                FROM unnest(?, ?) AS grown (merchant, earned) WHERE merchant_id = merchant
              """)
          .column("text", earner -> earner.merchant().value())
          .column("numeric", Earner::amount);

  private final JdbcTemplate template;
  private final JdbcClient client;
  private final Transactions transactions;
  private final Outbox outbox;
  private final Address token;
  private final Clock clock;

  Earnings(
      JdbcTemplate template,
      JdbcClient client,
      Transactions transactions,
      Outbox outbox,
      HubTerms terms,
      Clock clock) {
    this.template = template;
    this.client = client;
    this.transactions = transactions;
    this.outbox = outbox;
    this.token = terms.token().address();
    this.clock = clock;
  }

  /// A merchant and an amount: what was told of it, or what it has earned.
  private record Earner(MerchantId merchant, Address payee, Amount amount) {}

  int know(List<PayeeCommand> payees) {
    INSERT.update(template, payees);
    return payees.size();
  }

  /// In the order asked for; nothing was earned by whom nobody knows.
  List<EarnedView> of(List<MerchantId> merchants) {
    var earned = earned(merchants);
    return merchants.stream()
        .map(merchant -> new EarnedView(merchant, earned.getOrDefault(merchant, Amount.ZERO)))
        .toList();
  }

  @Scheduled(fixedDelayString = "${millrace.channel.earning.interval:5s}")
  void tell() {
    try {
      var last = "";
      do {
        var after = last;
        last = transactions.run(() -> tellAfter(after));
      } while (!last.isEmpty());
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("what merchants have earned was not told: {}", e.toString());
    }
  }

  /// Those that another replica is at work on are left to it.
  ///
  /// @return the last merchant of the page, empty after the last page
  private String tellAfter(String after) {
    var page =
        client
            .sql(
                """
                SELECT merchant_id, payee, told AS amount FROM payee WHERE merchant_id > ?
                 ORDER BY merchant_id LIMIT ? FOR UPDATE SKIP LOCKED
                """)
            .params(after, PAGE)
            .query((row, number) -> earner(row))
            .list();
    if (page.isEmpty()) return "";
    var earned = gross(page.stream().map(Earner::merchant).toList());
    var grown = new ArrayList<Earner>();
    for (var told : page) {
      var now = earned.getOrDefault(told.merchant(), Amount.ZERO);
      if (now.exceeds(told.amount())) {
        grown.add(new Earner(told.merchant(), told.payee(), now));
      }
    }
    REMEMBER.update(template, grown);
    var at = clock.instant();
    outbox.appendAll(
        grown.stream()
            .map(
                earner ->
                    new Outgoing(
                        earner.merchant().value(),
                        new MerchantEarned(
                            earner.merchant(), earner.payee(), token, earner.amount(), at)))
            .toList());
    return page.size() < PAGE ? "" : page.getLast().merchant().value();
  }

  /// All that was ever charged for the merchant, whatever it has given back since. Asked for by who
  /// holds the merchant's account.
  @Transactional(propagation = Propagation.MANDATORY)
  public Amount gross(MerchantId merchant) {
    return gross(List.of(merchant)).getOrDefault(merchant, Amount.ZERO);
  }

  private Map<MerchantId, Amount> gross(List<MerchantId> merchants) {
    return added(
        merchants,
        """
        UNION ALL
        SELECT owner, balance FROM ledger_account WHERE kind = 'REFUND' AND owner = ANY (?)
        UNION ALL
        SELECT merchant_id, amount FROM give_back
         WHERE status = 'SUCCEEDED' AND merchant_id = ANY (?)\
        """,
        4);
  }

  /// What is left of it for the merchant.
  private Map<MerchantId, Amount> earned(List<MerchantId> merchants) {
    return added(merchants, "", 2);
  }

  /// In one statement: between two, a payout could end, and be counted both as on its way and as
  /// paid.
  private Map<MerchantId, Amount> added(List<MerchantId> merchants, String more, int times) {
    Object ids = merchants.stream().map(MerchantId::value).toArray(String[]::new);
    return client
        .sql(
            """
            SELECT owner, sum(amount) AS amount
              FROM (SELECT owner, balance AS amount FROM ledger_account
                     WHERE kind IN ('MERCHANT', 'PAYOUT') AND owner = ANY (?)
                    UNION ALL
                    SELECT merchant_id, amount FROM payout
                     WHERE status = 'PAID' AND merchant_id = ANY (?)
            """
                + more
                + ") AS owed GROUP BY owner")
        .params(Collections.nCopies(times, ids))
        .query(
            (row, number) -> Map.entry(new MerchantId(Columns.text(row, "owner")), positive(row)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Earner earner(ResultSet row) throws SQLException {
    return new Earner(
        new MerchantId(Columns.text(row, "merchant_id")),
        Columns.address(row, "payee"),
        Columns.amount(row, "amount"));
  }

  /// A ledger that somebody has tampered with may say less than nothing; that is no reason to leave
  /// everybody else untold.
  private static Amount positive(ResultSet row) throws SQLException {
    return new Amount(Columns.integer(row, "amount").max(BigInteger.ZERO));
  }
}
