package millrace.channel.deposit;

import static millrace.channel.sql.Columns.address;
import static millrace.channel.sql.Columns.amount;
import static millrace.channel.sql.Columns.bytes32;
import static millrace.channel.sql.Columns.channelId;
import static millrace.channel.sql.Columns.integer;
import static millrace.channel.sql.Columns.optionalBytes32;
import static millrace.channel.sql.Columns.signature;
import static millrace.channel.sql.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import millrace.channel.sql.Columns;
import millrace.messaging.event.ChainEvent.DepositSeen;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table `deposit`.
@Repository
class DepositRows {
  private final JdbcClient client;

  DepositRows(JdbcClient client) {
    this.client = client;
  }

  Optional<DepositRow> find(Bytes32 nonce) {
    return client
        .sql("SELECT * FROM deposit WHERE authorization_nonce = ?")
        .param(nonce.toArray())
        .query((row, number) -> map(row))
        .optional();
  }

  /// Two deposits of one payer are counted one after the other, so that both see the first.
  void exclude(Address payer) {
    client
        .sql("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")
        .param("deposits of " + payer)
        .query((row, number) -> number)
        .single();
  }

  long pending(Address payer) {
    return client
        .sql("SELECT count(*) FROM deposit WHERE payer = ? AND status = 'PENDING'")
        .param(payer.toArray())
        .query(Long.class)
        .single();
  }

  long since(Address payer, Instant start) {
    return client
        .sql("SELECT count(*) FROM deposit WHERE payer = ? AND created_at > ?")
        .params(Columns.list(payer, start))
        .query(Long.class)
        .single();
  }

  void insert(DepositRow row, Instant at) {
    client
        .sql(
            """
            INSERT INTO deposit
              (authorization_nonce, channel_id, payer, amount, valid_after, valid_before,
               signature, status, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'PENDING', ?)
            """)
        .params(
            Columns.list(
                row.authorizationNonce(),
                row.channelId(),
                row.payer(),
                row.amount(),
                row.validAfter(),
                row.validBefore(),
                row.signature(),
                at))
        .update();
  }

  /// The oldest that this can be, if it is any of those that we know.
  void creditEarly(DepositSeen seen) {
    client
        .sql(
            """
            UPDATE deposit SET early_transaction = ?
             WHERE authorization_nonce = (
               SELECT authorization_nonce FROM deposit
                WHERE payer = (SELECT payer FROM channel WHERE channel_id = ?)
                  AND channel_id = ? AND amount = ? AND status = 'PENDING'
                ORDER BY created_at LIMIT 1)
            """)
        .params(Columns.list(seen.transaction(), seen.channelId(), seen.channelId(), seen.amount()))
        .update();
  }

  /// Final money on chain beats an earlier report that it would never come.
  void confirm(DepositConfirmed event, Instant at) {
    client
        .sql(
            """
            UPDATE deposit SET status = 'CONFIRMED', transaction = ?, failure = NULL,
              detail = NULL, ended_at = ?
             WHERE authorization_nonce = ? AND status <> 'CONFIRMED'
            """)
        .params(Columns.list(event.transaction(), at, event.authorizationNonce()))
        .update();
  }

  void fail(DepositFailed event, Instant at) {
    client
        .sql(
            """
            UPDATE deposit SET status = 'FAILED', failure = ?, detail = ?, ended_at = ?
             WHERE authorization_nonce = ? AND status = 'PENDING'
            """)
        .params(Columns.list(event.reason().name(), event.detail(), at, event.authorizationNonce()))
        .update();
  }

  private static DepositRow map(ResultSet row) throws SQLException {
    return new DepositRow(
        bytes32(row, "authorization_nonce"),
        channelId(row, "channel_id"),
        address(row, "payer"),
        amount(row, "amount"),
        integer(row, "valid_after"),
        integer(row, "valid_before"),
        signature(row, "signature"),
        DepositRow.Status.valueOf(text(row, "status")),
        optionalBytes32(row, "transaction"),
        optionalBytes32(row, "early_transaction"),
        Optional.ofNullable(row.getString("failure")).map(DepositFailure::valueOf),
        Objects.requireNonNullElse(row.getString("detail"), ""));
  }
}
