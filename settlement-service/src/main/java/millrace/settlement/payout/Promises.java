package millrace.settlement.payout;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import millrace.chain.contract.VaultReader.PayeeAccount;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What each payee was promised in all. Never lowered; the database refuses it as well.
@Component
class Promises {
  private final JdbcClient jdbc;
  private final Address token;

  Promises(JdbcClient jdbc, HubTerms terms) {
    this.jdbc = jdbc;
    this.token = terms.token().address();
  }

  /// Lets one process at a time promise what one vault holds of one token, until the end of the
  /// transaction.
  void lock() {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended('promises/' || :token, 0))")
        .param("token", token.toString())
        .query()
        .listOfRows();
  }

  Map<Address, Amount> of(Collection<Address> payees) {
    var promises = new HashMap<Address, Amount>();
    for (var payee : payees) {
      jdbc.sql("SELECT cumulative FROM promise WHERE payee = :payee AND token = :token")
          .param("payee", payee.toArray())
          .param("token", token.toArray())
          .query((row, _) -> Columns.amount(row, "cumulative"))
          .optional()
          .ifPresent(cumulative -> promises.put(payee, cumulative));
    }
    return promises;
  }

  /// All that is promised and not credited yet.
  Amount outstanding() {
    return jdbc.sql(
            """
            SELECT coalesce(sum(cumulative - credited), 0) AS outstanding FROM promise
             WHERE token = :token AND cumulative > credited
            """)
        .param("token", token.toArray())
        .query((row, _) -> Columns.amount(row, "outstanding"))
        .single();
  }

  void raise(Address payee, Amount cumulative, Amount credited) {
    jdbc.sql(
            """
            INSERT INTO promise (payee, token, cumulative, credited)
            VALUES (:payee, :token, :cumulative, :credited)
            ON CONFLICT (payee, token) DO UPDATE SET cumulative = excluded.cumulative
            """)
        .param("payee", payee.toArray())
        .param("token", token.toArray())
        .param("cumulative", Columns.write(cumulative))
        .param("credited", Columns.write(credited))
        .update();
  }

  /// What the vault says in a final block.
  void credited(Map<Address, PayeeAccount> accounts) {
    accounts.forEach(
        (payee, account) ->
            jdbc.sql(
                    """
                    UPDATE promise SET credited = :credited
                     WHERE payee = :payee AND token = :token
                    """)
                .param("credited", Columns.write(account.credited()))
                .param("payee", payee.toArray())
                .param("token", token.toArray())
                .update());
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
