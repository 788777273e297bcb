package millrace.gateway.balance;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import millrace.gateway.stream.Streams;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.event.SettlementEvent.CreditSeen;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What settlement has promised payees, copied from its events, so that a merchant has its newest
/// promise although settlement or the chain may be down. Both kinds of news only ever grow, so an
/// event that comes again does no harm.
@Repository
public class Promises {
  /// More tokens than any hub has had.
  private static final int MAX_TOKENS = 32;

  private final JdbcClient jdbc;
  private final Streams streams;

  Promises(JdbcClient jdbc, Streams streams) {
    this.jdbc = jdbc;
    this.streams = streams;
  }

  /// @param promised in writing
  /// @param credited by the vault, in a final block
  record Standing(Amount promised, Amount credited) {
    static final Standing NONE = new Standing(Amount.ZERO, Amount.ZERO);

    /// What can be had with the promise alone.
    Amount uncredited() {
      return promised.minusOrZero(credited);
    }
  }

  /// Keeps what is about promises among the events.
  public void take(List<ReceivedEvent> events) {
    for (var event : events) {
      if (event.is(PromiseIssued.class) && event.event() instanceof PromiseIssued promise) {
        add(promise);
        streams.wake(topic(promise.payee()));
      } else if (event.is(CreditSeen.class) && event.event() instanceof CreditSeen credit) {
        add(credit);
      }
    }
  }

  /// As high a promise by another key replaces the older one: the older key may be on its way out.
  private void add(PromiseIssued promise) {
    jdbc.sql(
            """
            INSERT INTO promise (payee, token, cumulative, signature, signer, issued_at)
            VALUES (:payee, :token, :cumulative, :signature, :signer, :at)
            ON CONFLICT (payee, token) DO UPDATE
              SET cumulative = excluded.cumulative, signature = excluded.signature,
                  signer = excluded.signer, issued_at = excluded.issued_at
              WHERE promise.cumulative < excluded.cumulative
                 OR (promise.cumulative = excluded.cumulative
                     AND promise.issued_at < excluded.issued_at)
            """)
        .param("payee", promise.payee().toArray())
        .param("token", promise.token().toArray())
        .param("cumulative", new BigDecimal(promise.cumulative().units()))
        .param("signature", promise.signature().toArray())
        .param("signer", promise.key().toArray())
        .param("at", promise.at().atOffset(ZoneOffset.UTC))
        .update();
  }

  private void add(CreditSeen credit) {
    jdbc.sql(
            """
            INSERT INTO promise (payee, token, credited, credited_block)
            VALUES (:payee, :token, :credited, :block)
            ON CONFLICT (payee, token) DO UPDATE
              SET credited = excluded.credited, credited_block = excluded.credited_block
              WHERE promise.credited_block < excluded.credited_block
            """)
        .param("payee", credit.payee().toArray())
        .param("token", credit.token().toArray())
        .param("credited", new BigDecimal(credit.credited().units()))
        .param("block", credit.block())
        .update();
  }

  /// The newest promise, if there has ever been one.
  Optional<PromiseIssued> newest(Address payee, Address token) {
    return jdbc.sql(
            """
            SELECT token, cumulative, signature, signer, issued_at FROM promise
             WHERE payee = ? AND token = ? AND signature IS NOT NULL
            """)
        .param(payee.toArray())
        .param(token.toArray())
        .query((row, _) -> promise(payee, row))
        .optional();
  }

  /// The newest promise in each token, the latest first.
  List<PromiseIssued> newest(Address payee) {
    return jdbc.sql(
            """
            SELECT token, cumulative, signature, signer, issued_at FROM promise
             WHERE payee = ? AND signature IS NOT NULL
             ORDER BY issued_at DESC, token LIMIT ?
            """)
        .param(payee.toArray())
        .param(MAX_TOKENS)
        .query((row, _) -> promise(payee, row))
        .list();
  }

  /// What streams of a payee's promises are woken by.
  static String topic(Address payee) {
    return "promise " + payee;
  }

  private static PromiseIssued promise(Address payee, ResultSet row) throws SQLException {
    return new PromiseIssued(
        payee,
        Address.of(bytes(row, "token")),
        amount(row, "cumulative"),
        Signature.of(bytes(row, "signature")),
        Address.of(bytes(row, "signer")),
        row.getObject("issued_at", OffsetDateTime.class).toInstant());
  }

  Map<Address, Standing> standings(Collection<Address> payees, Address token) {
    var standings = new HashMap<Address, Standing>();
    jdbc.sql(
            """
            SELECT payee, cumulative, credited FROM promise WHERE token = ? AND payee = ANY (?)
            """)
        .param(token.toArray())
        .param(payees.stream().map(Address::toArray).toArray(byte[][]::new))
        .query(
            (row, _) ->
                Map.entry(
                    Address.of(bytes(row, "payee")),
                    new Standing(amount(row, "cumulative"), amount(row, "credited"))))
        .list()
        .forEach(standing -> standings.put(standing.getKey(), standing.getValue()));
    return standings;
  }

  private static Amount amount(ResultSet row, String column) throws SQLException {
    return new Amount(row.getBigDecimal(column).toBigIntegerExact());
  }

  private static byte[] bytes(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(row.getBytes(column));
  }
}
