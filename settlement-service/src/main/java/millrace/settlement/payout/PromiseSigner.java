package millrace.settlement.payout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Signature;
import millrace.protocol.vault.Promise;
import millrace.protocol.vault.VaultDomain;
import millrace.settlement.KeyProperties;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Puts promises into writing. It signs what is stored and committed and nothing else, so no
/// signature exists that the database does not answer for.
@Component
class PromiseSigner {
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final Outbox outbox;
  private final SigningKey key;
  private final Address token;
  private final VaultDomain domain;
  private final Clock clock;

  PromiseSigner(
      JdbcClient jdbc,
      TransactionTemplate transactions,
      Outbox outbox,
      KeyProperties keys,
      HubTerms terms,
      Clock clock) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.outbox = outbox;
    this.key = keys.promiser();
    this.token = terms.token().address();
    this.domain = new VaultDomain(terms.chainId(), terms.vault());
    this.clock = clock;
  }

  /// Signs promises that have grown, or that another key has signed.
  ///
  /// @return how many
  int sign(int atMost) {
    var signed =
        unsigned(atMost).stream()
            .map(promise -> new Signed(promise, key.sign(domain.digest(promise))))
            .toList();
    if (!signed.isEmpty()) {
      transactions.executeWithoutResult(_ -> signed.forEach(this::issue));
    }
    return signed.size();
  }

  private record Signed(Promise promise, Signature signature) {}

  /// Read outside of a transaction: what is seen here is committed.
  private List<Promise> unsigned(int atMost) {
    return jdbc.sql(
            """
            SELECT payee, cumulative FROM promise
             WHERE token = :token AND cumulative > 0
               AND (signed < cumulative OR signer IS DISTINCT FROM :key)
             ORDER BY payee LIMIT :limit
            """)
        .param("token", token.toArray())
        .param("key", key.address().toArray())
        .param("limit", atMost)
        .query((row, _) -> promise(row))
        .list();
  }

  private Promise promise(ResultSet row) throws SQLException {
    return new Promise(Columns.address(row, "payee"), token, Columns.amount(row, "cumulative"));
  }

  /// Unless another process was faster.
  private void issue(Signed signed) {
    var promise = signed.promise();
    var now = clock.instant();
    int stored =
        jdbc.sql(
                """
                UPDATE promise
                   SET signed = :cumulative, signature = :signature, signer = :key, issued_at = :now
                 WHERE payee = :payee AND token = :token
                   AND (signed < :cumulative
                     OR (signed = :cumulative AND signer IS DISTINCT FROM :key))
                """)
            .param("cumulative", Columns.write(promise.cumulative()))
            .param("signature", signed.signature().toArray())
            .param("key", key.address().toArray())
            .param("now", Columns.write(now))
            .param("payee", promise.payee().toArray())
            .param("token", token.toArray())
            .update();
    if (stored == 0) return;
    outbox.append(
        promise.payee().toString(),
        new PromiseIssued(
            promise.payee(), token, promise.cumulative(), signed.signature(), key.address(), now));
  }
}
