package millrace.chain.sender;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Fees;
import millrace.chain.rpc.Receipt;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One account's requests and what was signed for them.
final class TransactionStore {
  private final JdbcClient jdbc;
  private final Address sender;

  TransactionStore(JdbcClient jdbc, Address sender) {
    this.jdbc = jdbc;
    this.sender = sender;
  }

  Address sender() {
    return sender;
  }

  record Waiting(long id, TransactionRequest request) {}

  /// An open transaction and the hashes by which it may be in the chain.
  record InFlight(long id, Purpose purpose, long nonce, List<Bytes32> hashes) {}

  /// @return false when the purpose was asked for before
  /// @throws IllegalStateException when something else was asked for under it
  boolean add(TransactionRequest request, Instant now) {
    int added =
        jdbc.sql(
                """
                INSERT INTO chain_transaction
                  (purpose, sender, recipient, calldata, gas_limit, gas_fixed, requested_at,
                   urgent_since, deadline, worth_wei)
                VALUES (:purpose, :sender, :to, :data, :gas, :fixed, :now,
                        CAST(:since AS timestamptz), CAST(:deadline AS timestamptz),
                        CAST(:worth AS numeric))
                ON CONFLICT (purpose) DO NOTHING
                """)
            .param("purpose", request.purpose().value())
            .param("sender", sender.toArray())
            .param("to", request.to().toArray())
            .param("data", request.data().toArray())
            .param("gas", request.gas().limit())
            .param("fixed", request.gas() instanceof Gas.Fixed)
            .param("now", Timestamp.from(now))
            .param("since", request.urgency().map(u -> Timestamp.from(u.since())).orElse(null))
            .param(
                "deadline", request.urgency().map(u -> Timestamp.from(u.deadline())).orElse(null))
            .param("worth", request.urgency().map(u -> new BigDecimal(u.worthWei())).orElse(null))
            .update();
    if (added == 0) requireSame(request);
    return added == 1;
  }

  private void requireSame(TransactionRequest request) {
    boolean same =
        jdbc.sql(
                """
                SELECT sender = :sender AND recipient = :to AND calldata = :data
                  FROM chain_transaction WHERE purpose = :purpose
                """)
            .param("purpose", request.purpose().value())
            .param("sender", sender.toArray())
            .param("to", request.to().toArray())
            .param("data", request.data().toArray())
            .query(Boolean.class)
            .single();
    if (!same) {
      throw new IllegalStateException(request.purpose() + " was asked for with other content");
    }
  }

  /// What has a deadline first, the earliest of all; then in the order asked for.
  List<Waiting> waiting(int atMost) {
    return jdbc.sql(
            """
            SELECT id, purpose, recipient, calldata, gas_limit, gas_fixed,
                   urgent_since, deadline, worth_wei
              FROM chain_transaction
             WHERE sender = :sender AND state = 'WAITING'
             ORDER BY deadline NULLS LAST, id LIMIT :limit
            """)
        .param("sender", sender.toArray())
        .param("limit", atMost)
        .query((row, _) -> waiting(row))
        .list();
  }

  List<InFlight> inFlight() {
    return jdbc.sql(
            """
            SELECT t.id, t.purpose, t.nonce,
                   coalesce(string_agg(encode(a.hash, 'hex'), ',' ORDER BY a.number), '') AS hashes
              FROM chain_transaction t
              LEFT JOIN chain_attempt a ON a.transaction_id = t.id AND a.hash IS NOT NULL
             WHERE t.sender = :sender AND t.state = 'SENDING'
             GROUP BY t.id, t.purpose, t.nonce ORDER BY t.nonce
            """)
        .param("sender", sender.toArray())
        .query((row, _) -> inFlight(row))
        .list();
  }

  /// Takes the account's next nonce. The chain may know of more than we do, when somebody else used
  /// the key.
  long takeNonce(long atLeast) {
    return jdbc.sql(
            """
            UPDATE chain_account SET next_nonce = greatest(next_nonce, :least) + 1
             WHERE sender = :sender RETURNING next_nonce - 1
            """)
        .param("sender", sender.toArray())
        .param("least", atLeast)
        .query(Long.class)
        .single();
  }

  /// @return false when it no longer waits
  boolean lockWaiting(long id) {
    return jdbc.sql(
            "SELECT 1 FROM chain_transaction WHERE id = :id AND state = 'WAITING' FOR UPDATE")
        .param("id", id)
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  void assign(long id, long nonce) {
    jdbc.sql("UPDATE chain_transaction SET state = 'SENDING', nonce = :nonce WHERE id = :id")
        .param("nonce", nonce)
        .param("id", id)
        .update();
  }

  /// Adds the next version of a transaction, unless another process just did.
  void addAttempt(long id, int number, long nonce, long gasLimit, Fees fees, Instant now) {
    jdbc.sql(
            """
            INSERT INTO chain_attempt
              (transaction_id, number, nonce, gas_limit, max_fee_wei, priority_fee_wei, created_at)
            VALUES (:id, :number, :nonce, :gas, :maxFee, :priorityFee, :now)
            ON CONFLICT (transaction_id, number) DO NOTHING
            """)
        .param("id", id)
        .param("number", number)
        .param("nonce", nonce)
        .param("gas", gasLimit)
        .param("maxFee", new BigDecimal(fees.maxFeeWei()))
        .param("priorityFee", new BigDecimal(fees.priorityFeeWei()))
        .param("now", Timestamp.from(now))
        .update();
  }

  int lastAttempt(long id) {
    return jdbc.sql("SELECT coalesce(max(number), 0) FROM chain_attempt WHERE transaction_id = :id")
        .param("id", id)
        .query(Integer.class)
        .single();
  }

  /// The newest version of each open transaction, by nonce.
  List<Attempt> newestAttempts() {
    return jdbc.sql(
            """
            SELECT DISTINCT ON (t.nonce)
                   t.recipient, t.calldata, t.urgent_since, t.deadline, t.worth_wei,
                   a.transaction_id, a.number, a.nonce, a.gas_limit,
                   a.max_fee_wei, a.priority_fee_wei, a.created_at, a.hash, a.raw, a.sent_at
              FROM chain_transaction t JOIN chain_attempt a ON a.transaction_id = t.id
             WHERE t.sender = :sender AND t.state = 'SENDING' AND a.nonce = t.nonce
             ORDER BY t.nonce, a.number DESC
            """)
        .param("sender", sender.toArray())
        .query((row, _) -> attempt(row))
        .list();
  }

  /// @return false when it was signed before
  boolean sign(Attempt attempt, Attempt.Signed signed) {
    return jdbc.sql(
                """
                UPDATE chain_attempt SET hash = :hash, raw = :raw
                 WHERE transaction_id = :id AND number = :number AND hash IS NULL
                """)
            .param("hash", signed.hash().toArray())
            .param("raw", signed.raw().toArray())
            .param("id", attempt.transactionId())
            .param("number", attempt.number())
            .update()
        == 1;
  }

  /// What was signed for a nonce, newest version first, whatever became of it.
  List<Bytes> signedFor(long nonce) {
    return jdbc.sql(
            """
            SELECT a.raw FROM chain_transaction t
              JOIN chain_attempt a ON a.transaction_id = t.id AND a.nonce = t.nonce
             WHERE t.sender = :sender AND t.nonce = :nonce AND t.state <> 'WAITING'
               AND a.raw IS NOT NULL
             ORDER BY a.number DESC
            """)
        .param("sender", sender.toArray())
        .param("nonce", nonce)
        .query((row, _) -> Bytes.of(row.getBytes("raw")))
        .list();
  }

  /// A transaction that does nothing but use a nonce.
  void addFiller(long nonce, Purpose purpose, long gasLimit, Fees fees, Instant now) {
    var id =
        jdbc.sql(
                """
                INSERT INTO chain_transaction (purpose, sender, recipient, calldata, gas_limit,
                  gas_fixed, requested_at, state, nonce)
                VALUES (:purpose, :sender, :sender, '', :gas, true, :now, 'SENDING', :nonce)
                ON CONFLICT (purpose) DO NOTHING RETURNING id
                """)
            .param("purpose", purpose.value())
            .param("sender", sender.toArray())
            .param("gas", gasLimit)
            .param("now", Timestamp.from(now))
            .param("nonce", nonce)
            .query(Long.class)
            .optional();
    id.ifPresent(added -> addAttempt(added, 1, nonce, gasLimit, fees, now));
  }

  void sent(Attempt attempt, Instant now) {
    jdbc.sql(
            """
            UPDATE chain_attempt
               SET sent_at = :now, first_sent_at = coalesce(first_sent_at, :now)
             WHERE transaction_id = :id AND number = :number
            """)
        .param("now", Timestamp.from(now))
        .param("id", attempt.transactionId())
        .param("number", attempt.number())
        .update();
  }

  /// The nonce went to somebody else; the request starts over.
  void release(long id, long nonce) {
    jdbc.sql(
            """
            UPDATE chain_transaction SET state = 'WAITING', nonce = NULL
             WHERE id = :id AND state = 'SENDING' AND nonce = :nonce
            """)
        .param("id", id)
        .param("nonce", nonce)
        .update();
  }

  /// Somebody else has sent from the account.
  void strangerAt(Instant now) {
    jdbc.sql("UPDATE chain_account SET stranger_at = :now WHERE sender = :sender")
        .param("now", Timestamp.from(now))
        .param("sender", sender.toArray())
        .update();
  }

  boolean isStrangerSince(Instant time) {
    return jdbc.sql("SELECT 1 FROM chain_account WHERE sender = :sender AND stranger_at > :time")
        .param("sender", sender.toArray())
        .param("time", Timestamp.from(time))
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /// @return false when it had ended before
  boolean finish(long id, Receipt receipt, Instant now) {
    return jdbc.sql(
                """
                UPDATE chain_transaction
                   SET state = :state, hash = :hash, gas_used = :gas, fee_wei = :fee,
                       ended_at = :now
                 WHERE id = :id AND state IN ('SENDING', 'WAITING')
                """)
            .param("state", receipt.success() ? "SUCCEEDED" : "REVERTED")
            .param("hash", receipt.transaction().toArray())
            .param("gas", receipt.gasUsed())
            .param(
                "fee",
                new BigDecimal(
                    receipt.gasPriceWei().multiply(BigInteger.valueOf(receipt.gasUsed()))))
            .param("now", Timestamp.from(now))
            .param("id", id)
            .update()
        == 1;
  }

  /// @return false when it had ended before
  boolean refuse(long id, String detail, Instant now) {
    return jdbc.sql(
                """
                UPDATE chain_transaction
                   SET state = 'REFUSED', nonce = NULL, detail = :detail, ended_at = :now
                 WHERE id = :id AND state IN ('SENDING', 'WAITING')
                """)
            .param("detail", detail)
            .param("now", Timestamp.from(now))
            .param("id", id)
            .update()
        == 1;
  }

  /// What is not final yet, and since when the oldest of it was asked for.
  record Backlog(long waiting, long sending, Optional<Instant> oldest) {}

  Backlog backlog() {
    return jdbc.sql(
            """
            SELECT count(*) FILTER (WHERE state = 'WAITING') AS waiting,
                   count(*) FILTER (WHERE state = 'SENDING') AS sending,
                   min(requested_at) AS oldest
              FROM chain_transaction
             WHERE sender = :sender AND state IN ('WAITING', 'SENDING')
            """)
        .param("sender", sender.toArray())
        .query(
            (row, _) ->
                new Backlog(
                    row.getLong("waiting"),
                    row.getLong("sending"),
                    Optional.ofNullable(row.getTimestamp("oldest")).map(Timestamp::toInstant)))
        .single();
  }

  private static Waiting waiting(ResultSet row) throws SQLException {
    long limit = row.getLong("gas_limit");
    return new Waiting(
        row.getLong("id"),
        new TransactionRequest(
            new Purpose(row.getString("purpose")),
            Address.of(row.getBytes("recipient")),
            Bytes.of(row.getBytes("calldata")),
            row.getBoolean("gas_fixed") ? new Gas.Fixed(limit) : new Gas.Estimated(limit),
            urgency(row)));
  }

  private static Optional<Urgency> urgency(ResultSet row) throws SQLException {
    var deadline = row.getTimestamp("deadline");
    if (deadline == null) return Optional.empty();
    return Optional.of(
        new Urgency(
            row.getTimestamp("urgent_since").toInstant(),
            deadline.toInstant(),
            row.getBigDecimal("worth_wei").toBigIntegerExact()));
  }

  private static InFlight inFlight(ResultSet row) throws SQLException {
    var hashes = row.getString("hashes");
    return new InFlight(
        row.getLong("id"),
        new Purpose(row.getString("purpose")),
        row.getLong("nonce"),
        hashes.isEmpty()
            ? List.of()
            : List.of(hashes.split(",", -1)).stream().map(hex -> Bytes32.of("0x" + hex)).toList());
  }

  private static Attempt attempt(ResultSet row) throws SQLException {
    byte[] hash = row.getBytes("hash");
    return new Attempt(
        row.getLong("transaction_id"),
        row.getInt("number"),
        row.getLong("nonce"),
        Address.of(row.getBytes("recipient")),
        Bytes.of(row.getBytes("calldata")),
        row.getLong("gas_limit"),
        new Fees(
            row.getBigDecimal("max_fee_wei").toBigInteger(),
            row.getBigDecimal("priority_fee_wei").toBigInteger()),
        urgency(row),
        row.getTimestamp("created_at").toInstant(),
        hash == null
            ? Optional.empty()
            : Optional.of(new Attempt.Signed(Bytes32.of(hash), Bytes.of(row.getBytes("raw")))),
        Optional.ofNullable(row.getTimestamp("sent_at")).map(Timestamp::toInstant));
  }
}
