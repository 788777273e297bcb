package millrace.channel.ledger;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import millrace.channel.sql.Unnest;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Writes transfers and keeps the balances of all accounts but the payers': those are columns of
/// the channels' rows, which are locked and written by the same transaction anyway.
@Component
public class Ledger {
  private static final int STRIPES = 16;
  private static final int FIRST_STRIPE = 0;

  private static final Unnest<Transfer> INSERT_TRANSFERS =
      new Unnest<Transfer>(
              """
              INSERT INTO ledger_transfer
                (debit, credit, channel_id, merchant_id, amount, reference, at)
              SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?)
              """)
          .column("text", Transfer::debit)
          .column("text", Transfer::credit)
          .column("bytea", Transfer::channel)
          .column("text", transfer -> transfer.merchant().map(MerchantId::value))
          .column("numeric", Transfer::amount)
          .column("text", Transfer::reference)
          .column("timestamptz", Transfer::at);

  /// In order of the key, so that two writers cannot wait for each other.
  private static final Unnest<Change> CHANGE_BALANCES =
      new Unnest<Change>(
              """
              INSERT INTO ledger_account AS kept (kind, owner, stripe, balance)
              SELECT kind, owner, stripe, gain
                FROM unnest(?, ?, ?, ?) AS change (kind, owner, stripe, gain)
               ORDER BY kind, owner, stripe
              ON CONFLICT (kind, owner, stripe)
                DO UPDATE SET balance = kept.balance + excluded.balance
              """)
          .column("text", change -> change.account().kind())
          .column("text", change -> change.account().owner())
          .column("int4", change -> change.account().stripe())
          .column("numeric", Change::gain);

  private final JdbcTemplate jdbc;
  private final JdbcClient client;

  Ledger(JdbcTemplate jdbc, JdbcClient client) {
    this.jdbc = jdbc;
    this.client = client;
  }

  /// The caller's transaction stores [Transfer#payerGain] in the channels' rows.
  @Transactional(propagation = Propagation.MANDATORY)
  public void post(List<Transfer> transfers) {
    INSERT_TRANSFERS.update(jdbc, transfers);
    // Batches credit a merchant in different stripes and so seldom wait for each other's commits.
    int stripe = ThreadLocalRandom.current().nextInt(1, STRIPES);
    var gains = new HashMap<Account, BigInteger>();
    for (var transfer : transfers) {
      var amount = transfer.amount().units();
      add(gains, account(transfer, transfer.debit(), stripe), amount.negate());
      add(gains, account(transfer, transfer.credit(), stripe), amount);
    }
    CHANGE_BALANCES.update(
        jdbc,
        gains.entrySet().stream()
            .map(gain -> new Change(gain.getKey(), gain.getValue()))
            .sorted(Comparator.comparing(Change::account))
            .toList());
  }

  /// What is in the merchant's account. Nothing else can be taken from it until the transaction
  /// ends: whoever takes from any stripe locks the first one before. The sum is a statement of its
  /// own, so that it sees what was committed while this one waited for the lock.
  @Transactional(propagation = Propagation.MANDATORY)
  public Amount lockMerchant(MerchantId merchant) {
    client
        .sql(
            """
            INSERT INTO ledger_account AS kept (kind, owner, stripe, balance)
            VALUES ('MERCHANT', :owner, :stripe, 0)
            ON CONFLICT (kind, owner, stripe) DO UPDATE SET balance = kept.balance
            """)
        .param("owner", merchant.value())
        .param("stripe", FIRST_STRIPE)
        .update();
    return balance(AccountKind.MERCHANT, merchant);
  }

  /// What the merchant's account of this kind holds.
  public Amount balance(AccountKind kind, MerchantId merchant) {
    return new Amount(
        client
            .sql(
                """
                SELECT coalesce(sum(balance), 0) FROM ledger_account
                 WHERE kind = :kind AND owner = :owner
                """)
            .param("kind", kind.name())
            .param("owner", merchant.value())
            .query(BigInteger.class)
            .single());
  }

  private static void add(Map<Account, BigInteger> gains, Account account, BigInteger gain) {
    if (account.kind() != AccountKind.PAYER) gains.merge(account, gain, BigInteger::add);
  }

  private static Account account(Transfer transfer, AccountKind kind, int stripe) {
    return switch (kind) {
      case ESCROW, CLAIMED, VAULT -> new Account(kind, "", FIRST_STRIPE);
      case MERCHANT -> new Account(kind, transfer.merchant().orElseThrow().value(), stripe);
      case FEES -> new Account(kind, "", stripe);
      case PAYOUT, REFUND ->
          new Account(kind, transfer.merchant().orElseThrow().value(), FIRST_STRIPE);
      case PAYER, CREDIT, HELD ->
          new Account(kind, transfer.channel().orElseThrow().toString(), FIRST_STRIPE);
    };
  }

  private record Account(AccountKind kind, String owner, int stripe)
      implements Comparable<Account> {
    @Override
    public int compareTo(Account other) {
      return Comparator.comparing((Account account) -> account.kind().name())
          .thenComparing(Account::owner)
          .thenComparingInt(Account::stripe)
          .compare(this, other);
    }
  }

  private record Change(Account account, BigInteger gain) {}
}
