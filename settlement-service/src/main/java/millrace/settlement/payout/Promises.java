package millrace.settlement.payout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.chain.contract.PromisedTotal;
import millrace.chain.contract.VaultReader.PayeeAccount;
import millrace.chain.follower.FollowedBlock;
import millrace.messaging.event.SettlementEvent.CreditSeen;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.settlement.payout.VaultMoney.Money;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What each payee was promised in all. Never lowered; the database refuses it as well.
@Component
class Promises {
  private final JdbcClient jdbc;
  private final Outbox outbox;
  private final Address token;
  private final Clock clock;

  Promises(JdbcClient jdbc, Outbox outbox, HubTerms terms, Clock clock) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.token = terms.token().address();
    this.clock = clock;
  }

  /// How one payee stands.
  ///
  /// @param promised in all
  /// @param requested the part of it that payouts asked for
  /// @param credited by the vault, in the final block that was read last
  record Standing(Amount promised, Amount requested, Amount credited) {
    static final Standing NONE = new Standing(Amount.ZERO, Amount.ZERO, Amount.ZERO);
  }

  /// Lets one process at a time promise what one vault holds of one token, until the end of the
  /// transaction.
  void lock() {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended('promises/' || :token, 0))")
        .param("token", token.toString())
        .query()
        .listOfRows();
  }

  Map<Address, Standing> of(Collection<Address> payees) {
    var standings = new LinkedHashMap<Address, Standing>();
    if (payees.isEmpty()) return standings;
    jdbc.sql(
            """
            SELECT payee, cumulative, requested, credited FROM promise
             WHERE token = ? AND payee = ANY (?)
            """)
        .param(token.toArray())
        .param(payees.stream().map(Address::toArray).toArray(byte[][]::new))
        .query(
            (row, _) ->
                Map.entry(
                    Columns.address(row, "payee"),
                    new Standing(
                        Columns.amount(row, "cumulative"),
                        Columns.amount(row, "requested"),
                        Columns.amount(row, "credited"))))
        .list()
        .forEach(standing -> standings.put(standing.getKey(), standing.getValue()));
    return standings;
  }

  /// What may still be promised of that money. Everything that was promised and not credited, and
  /// everything claimed that belongs to payers, is taken off it.
  ///
  /// Nothing at all when some payee's credit was read in a later block: what left the vault
  /// meanwhile would be off the promises, and still in the money.
  Amount room(Money money) {
    if (isReadAfter(money.block().number())) return Amount.ZERO;
    return money.amount().minusOrZero(outstanding()).minusOrZero(claimedCredit());
  }

  boolean isReadAfter(long block) {
    return jdbc.sql("SELECT coalesce(max(credited_block), 0) FROM promise WHERE token = ?")
            .param(token.toArray())
            .query(Long.class)
            .single()
        > block;
  }

  /// All that is promised and not credited yet.
  private Amount outstanding() {
    return sum(
        """
        SELECT coalesce(sum(cumulative - credited), 0) AS units FROM promise
         WHERE token = :token AND cumulative > credited
        """);
  }

  /// Claimed once and not due, or not due any more: it is in the vault, or on its way there, and
  /// its payers will use it up.
  private Amount claimedCredit() {
    return jdbc.sql(
            """
            SELECT coalesce(sum(claimed - coalesce(due, 0)), 0) AS units
              FROM channel LEFT JOIN claimable USING (channel_id)
                     WHERE claimed > coalesce(due, 0)
            """)
        .query((row, _) -> Columns.amount(row, "units"))
        .single();
  }

  /// What the payouts that wait lack, all together. They come before whoever asked for nothing.
  Amount lackedByPayouts() {
    return sum(
        """
        SELECT coalesce(sum(greatest(
                 wish + coalesce(requested, 0) - coalesce(cumulative, 0), 0)), 0) AS units
          FROM (SELECT payee, sum(amount) AS wish FROM payout
                 WHERE token = :token AND state = 'WAITING' GROUP BY payee) AS waiting
          LEFT JOIN promise ON promise.payee = waiting.payee AND promise.token = :token
        """);
  }

  private Amount sum(String sql) {
    return jdbc.sql(sql)
        .param("token", token.toArray())
        .query((row, _) -> Columns.amount(row, "units"))
        .single();
  }

  /// Those who have earned more than they were promised, who lack most first.
  List<PromisePlan.Claim> unpromised(int atMost) {
    return jdbc.sql(
            """
            SELECT payee, earned - greatest(cumulative, credited) AS lacking,
                   sum(earned - greatest(cumulative, credited)) OVER () AS all_lack
              FROM (SELECT payee, sum(total - given_back) AS earned FROM earning
                     WHERE token = :token GROUP BY payee) AS earners
              JOIN promise USING (payee)
             WHERE promise.token = :token AND earned > greatest(cumulative, credited)
               AND NOT EXISTS (SELECT FROM payee
                                WHERE payee.payee = promise.payee AND state = 'INVALID')
             ORDER BY lacking DESC, payee LIMIT :limit
            """)
        .param("token", token.toArray())
        .param("limit", atMost)
        .query(
            (row, _) ->
                new PromisePlan.Claim(
                    Columns.address(row, "payee"),
                    Columns.amount(row, "lacking"),
                    Columns.integer(row, "all_lack")))
        .list();
  }

  /// Promises `more` than so far.
  void raise(Address payee, Amount more) {
    if (more.isZero()) return;
    jdbc.sql(
            """
            INSERT INTO promise (payee, token, cumulative, uncredited_since)
            VALUES (:payee, :token, :more, :now)
            ON CONFLICT (payee, token) DO UPDATE
              SET cumulative = greatest(promise.cumulative, promise.credited) + excluded.cumulative,
                  uncredited_since = coalesce(promise.uncredited_since, excluded.uncredited_since)
            """)
        .param("payee", payee.toArray())
        .param("token", token.toArray())
        .param("more", Columns.write(more))
        .param("now", Columns.write(clock.instant()))
        .update();
  }

  /// Payouts asked for so much in all, which is promised.
  void request(Address payee, Amount total) {
    jdbc.sql(
            """
            UPDATE promise SET requested = greatest(requested, :total)
             WHERE payee = :payee AND token = :token
            """)
        .param("total", Columns.write(total))
        .param("payee", payee.toArray())
        .param("token", token.toArray())
        .update();
  }

  /// What the vault says in a final block, which may be an older one than was read before.
  void credited(Map<Address, PayeeAccount> accounts, FollowedBlock block) {
    var before = of(accounts.keySet());
    accounts.forEach(
        (payee, account) -> {
          var standing = before.get(payee);
          if (standing == null || !note(payee, account.credited(), block)) return;
          if (standing.credited().equals(account.credited())) return;
          outbox.append(
              payee.toString(), new CreditSeen(payee, token, account.credited(), block.number()));
        });
  }

  private boolean note(Address payee, Amount credited, FollowedBlock block) {
    return jdbc.sql(
                """
                UPDATE promise
                   SET credited = :credited, credited_block = :block,
                       uncredited_since = CASE WHEN cumulative <= :credited THEN NULL
                         WHEN :credited > credited THEN :now ELSE uncredited_since END
                 WHERE payee = :payee AND token = :token AND credited_block <= :block
                """)
            .param("credited", Columns.write(credited))
            .param("block", block.number())
            .param("now", Columns.write(clock.instant()))
            .param("payee", payee.toArray())
            .param("token", token.toArray())
            .update()
        == 1;
  }

  /// Whether anybody has ever earned anything.
  boolean isAnyKnown() {
    return jdbc.sql("SELECT EXISTS (SELECT FROM promise WHERE token = ?)")
        .param(token.toArray())
        .query(Boolean.class)
        .single();
  }

  /// All that the vault ever credited, as far as we know.
  Amount credited() {
    return sum("SELECT coalesce(sum(credited), 0) AS units FROM promise WHERE token = :token");
  }

  /// Those whose account in the vault may have changed since it was read, the longest unread first.
  ///
  /// @param neverOnly only those that were never read
  List<Address> unread(long finalBlock, boolean neverOnly, int atMost) {
    return jdbc.sql(
            """
            SELECT payee FROM promise
             WHERE token = :token AND credited_block < :block
               AND (credited_block = 0 OR (cumulative > credited AND NOT :never))
             ORDER BY credited_block, payee LIMIT :limit
            """)
        .param("token", token.toArray())
        .param("block", finalBlock)
        .param("never", neverOnly)
        .param("limit", atMost)
        .query((row, _) -> Columns.address(row, "payee"))
        .list();
  }

  /// Promises that have waited for credit since before then, the longest first.
  List<PromisedTotal> uncreditedSince(Instant before, int atMost) {
    return jdbc.sql(
            """
            SELECT payee, cumulative FROM promise
             WHERE token = :token AND cumulative > credited AND uncredited_since < :before
             ORDER BY uncredited_since, payee LIMIT :limit
            """)
        .param("token", token.toArray())
        .param("before", Columns.write(before))
        .param("limit", atMost)
        .query((row, _) -> total(row))
        .list();
  }

  /// Their credit is on its way. Should it not come, they wait as long again: a vault that credits
  /// new payees a little each day would otherwise be asked, and paid gas for, all day.
  void waitAgain(List<PromisedTotal> totals) {
    jdbc.sql(
            """
            UPDATE promise SET uncredited_since = ?
             WHERE token = ? AND payee = ANY (?) AND uncredited_since IS NOT NULL
            """)
        .param(Columns.write(clock.instant()))
        .param(token.toArray())
        .param(totals.stream().map(total -> total.payee().toArray()).toArray(byte[][]::new))
        .update();
  }

  private static PromisedTotal total(ResultSet row) throws SQLException {
    return new PromisedTotal(Columns.address(row, "payee"), Columns.amount(row, "cumulative"));
  }

  /// For whoever claims: by how much free money falls short.
  void fallShort(Amount amount) {
    jdbc.sql(
            """
            INSERT INTO shortfall (token, amount) VALUES (:token, :amount)
            ON CONFLICT (token) DO UPDATE SET amount = excluded.amount
             WHERE shortfall.amount <> excluded.amount
            """)
        .param("token", token.toArray())
        .param("amount", Columns.write(amount))
        .update();
  }
}
