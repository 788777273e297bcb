package millrace.settlement.deposit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.chain.contract.DepositAuthorization;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.protocol.type.Bytes32;
import millrace.settlement.chain.KnownChannel;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The authorisations to be brought on chain.
@Component
class Deposits {
  private final JdbcClient jdbc;

  Deposits(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Repeats change nothing.
  void add(DepositAuthorized event) {
    jdbc.sql(
            """
            INSERT INTO deposit (authorization_nonce, channel_id, amount, valid_after,
              valid_before, authorization_salt, signature, requested_at)
            VALUES (:nonce, :channel, :amount, :after, :before, :salt, :signature, :at)
            ON CONFLICT DO NOTHING
            """)
        .param("nonce", event.authorizationNonce().toArray())
        .param("channel", event.channelId().toArray())
        .param("amount", Columns.write(event.amount()))
        .param("after", Columns.write(event.validAfter()))
        .param("before", Columns.write(event.validBefore()))
        .param("salt", Columns.write(event.salt()))
        .param("signature", event.signature().toArray())
        .param("at", Columns.write(event.at()))
        .update();
  }

  List<Deposit> open(int atMost) {
    return jdbc.sql(
            """
            SELECT * FROM deposit JOIN channel USING (channel_id)
             WHERE state NOT IN ('CONFIRMED', 'FAILED') ORDER BY requested_at LIMIT :limit
            """)
        .param("limit", atMost)
        .query((row, _) -> deposit(row))
        .list();
  }

  /// @return false when the deposit is in another state by now
  boolean move(Bytes32 nonce, DepositState from, DepositState to, String detail) {
    return jdbc.sql(
                """
                UPDATE deposit SET state = :to, detail = :detail
                 WHERE authorization_nonce = :nonce AND state = :from
                """)
            .param("to", to.name())
            .param("detail", detail)
            .param("nonce", nonce.toArray())
            .param("from", from.name())
            .update()
        == 1;
  }

  /// Our own transaction brought it.
  void mined(Bytes32 nonce, Bytes32 transaction) {
    jdbc.sql(
            """
            UPDATE deposit SET transaction = :tx
             WHERE authorization_nonce = :nonce AND state = 'RELAYING'
            """)
        .param("tx", transaction.toArray())
        .param("nonce", nonce.toArray())
        .update();
  }

  /// Its nonce is used and nothing explains by what. Nodes may be at fault, so time in which nobody
  /// looked does not count.
  ///
  /// @param latestBreak a look before that is forgotten
  /// @return since when it has been looked for in vain
  Instant unexplained(Bytes32 nonce, Instant latestBreak, Instant now) {
    return jdbc.sql(
            """
            UPDATE deposit
               SET used_since = CASE WHEN used_seen > :break THEN used_since ELSE :now END,
                   used_seen = :now
             WHERE authorization_nonce = :nonce RETURNING used_since
            """)
        .param("break", Columns.write(latestBreak))
        .param("now", Columns.write(now))
        .param("nonce", nonce.toArray())
        .query((row, _) -> Columns.optionalInstant(row, "used_since"))
        .single()
        .orElse(now);
  }

  /// @return false when it has ended already
  boolean end(
      Bytes32 nonce,
      DepositState state,
      String detail,
      Optional<Bytes32> transaction,
      Instant now) {
    return jdbc.sql(
                """
                UPDATE deposit
                   SET state = :state, detail = :detail, transaction = :tx, ended_at = :now
                 WHERE authorization_nonce = :nonce AND state NOT IN ('CONFIRMED', 'FAILED')
                """)
            .param("state", state.name())
            .param("detail", detail)
            .param("tx", transaction.map(Bytes32::toArray).orElse(null))
            .param("now", Columns.write(now))
            .param("nonce", nonce.toArray())
            .update()
        == 1;
  }

  private static Deposit deposit(ResultSet row) throws SQLException {
    var channel = new KnownChannel(Columns.channelId(row, "channel_id"), Columns.config(row));
    return new Deposit(
        Columns.bytes32(row, "authorization_nonce"),
        channel,
        Columns.amount(row, "amount"),
        new DepositAuthorization(
            Columns.integer(row, "valid_after"),
            Columns.integer(row, "valid_before"),
            Columns.integer(row, "authorization_salt"),
            Columns.signature(row, "signature")),
        DepositState.valueOf(Columns.text(row, "state")),
        Optional.ofNullable(row.getString("detail")).orElse(""),
        Columns.optionalBytes32(row, "transaction"));
  }
}
