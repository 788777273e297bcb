package millrace.channel.book;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import millrace.channel.sql.Columns;
import millrace.channel.sql.Unnest;
import millrace.messaging.command.ChannelStanding;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.EarlyCredit;
import millrace.protocol.channel.Lost;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.channel.Reservation;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Withdrawing;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// The table `channel`. Payments, facts of the chain and refunds each have a statement that writes
/// only what is theirs. The statements of payments and refunds ask once more, of the row as
/// PostgreSQL has it, what the rules have decided: a row they miss is a bug and undoes the batch.
/// They name the rows twice: by the join alone PostgreSQL might read the whole table.
@Repository
public class ChannelRows {
  private static final String SELECT =
      """
      SELECT channel.*,
             (SELECT g.charged FROM guard AS g WHERE g.channel_id = channel.channel_id) AS guarded
        FROM channel
      """;

  /// Every connection of the pool counts what it charges in a stripe of its own.
  private static final Unnest<Charge> CHARGE =
      new Unnest<Charge>(
              """
              WITH u AS MATERIALIZED (
                SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                  AS one (
                  channel_id, expected_charged, expected_sequence, charged, sequence,
                  newest_ceiling, newest_signature, reservation_payment_id, reservation_ceiling,
                  reservation_signature, reservation_price, reservation_expires_at, last_paid_at,
                  payer_gain, admitted_ceiling, covering_ceiling, exposable, held, credit,
                  gain_of_merchants, gain_of_holds)),
              counted AS (
                UPDATE exposed_total
                   SET amount = amount + (SELECT sum(charged - expected_charged) FROM u)
                 WHERE stripe = 1 + pg_backend_pid() % 64
                   AND EXISTS (SELECT FROM u WHERE charged > expected_charged))
              UPDATE channel AS c SET
                charged = u.charged, sequence = u.sequence,
                newest_ceiling = u.newest_ceiling, newest_signature = u.newest_signature,
                reservation_payment_id = u.reservation_payment_id,
                reservation_ceiling = u.reservation_ceiling,
                reservation_signature = u.reservation_signature,
                reservation_price = u.reservation_price,
                reservation_expires_at = u.reservation_expires_at,
                last_paid_at = u.last_paid_at,
                payer_balance = c.payer_balance + u.payer_gain,
                held = u.held, credit = u.credit,
                updated_at = now()
              FROM u
              WHERE c.channel_id = u.channel_id AND c.channel_id = ANY (?)
                AND c.charged = u.expected_charged
                AND c.sequence = u.expected_sequence
                AND u.charged >= c.charged
                AND u.charged - c.charged = -u.payer_gain
                AND u.held = c.held + u.gain_of_holds
                AND u.charged - u.held - u.credit
                  = c.charged - c.held - c.credit + u.gain_of_merchants
                AND u.credit <= c.credit
                AND CASE WHEN u.covering_ceiling IS NULL THEN u.charged = c.charged
                    ELSE u.charged <= u.covering_ceiling
                      AND u.covering_ceiling
                        <= c.balance + coalesce(c.early_amount, 0) + c.returned
                          - c.reserved_refund END
                AND (u.admitted_ceiling IS NULL OR (
                  c.withdrawal_block IS NULL AND NOT c.lost
                  AND u.admitted_ceiling > c.claimed
                  AND u.admitted_ceiling
                    <= c.balance + coalesce(c.early_amount, 0) + c.returned - c.reserved_refund
                  AND (u.exposable IS NULL OR u.admitted_ceiling - greatest(c.claimed,
                    (SELECT g.charged FROM guard AS g WHERE g.channel_id = c.channel_id))
                      <= u.exposable)))
              """)
          .column("bytea", charge -> charge.before().id())
          .column("numeric", charge -> charge.before().account().charged())
          .column("int8", charge -> charge.before().account().sequence())
          .column("numeric", charge -> charge.after().account().charged())
          .column("int8", charge -> charge.after().account().sequence())
          .column("numeric", newest(voucher -> voucher.voucher().ceiling()))
          .column("bytea", newest(voucher -> voucher.signature()))
          .column("text", reservation(held -> held.payment().value()))
          .column("numeric", reservation(held -> held.voucher().voucher().ceiling()))
          .column("bytea", reservation(held -> held.voucher().signature()))
          .column("numeric", reservation(Reservation::price))
          .column("timestamptz", reservation(Reservation::expiresAt))
          .column("timestamptz", charge -> charge.after().account().lastPaidAt())
          .column("numeric", Charge::payerGain)
          .column("numeric", Charge::admitted)
          .column("numeric", Charge::covering)
          .column("numeric", Charge::exposable)
          .column("numeric", charge -> charge.after().account().held())
          .column("numeric", charge -> charge.after().account().credit())
          .column("numeric", Charge::earned)
          .column("numeric", Charge::held)
          .column("bytea", charge -> charge.before().id());

  private static final Unnest<Recorded> RECORD =
      new Unnest<Recorded>(
              """
              UPDATE channel AS c SET
                balance = u.balance, claimed = u.claimed, charged = u.charged,
                reserved_refund = u.reserved_refund, refund_nonce = u.refund_nonce,
                published_ceiling = u.published_ceiling,
                withdrawal_amount = u.withdrawal_amount,
                withdrawal_finalize_after_seconds = u.withdrawal_finalize_after_seconds,
                withdrawal_block = u.withdrawal_block,
                seen_block = u.seen_block, lost = u.lost, opened = u.opened,
                early_amount = u.early_amount, early_block = u.early_block, credit = u.credit,
                payer_balance = c.payer_balance + u.payer_gain,
                updated_at = now()
              FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS u (
                channel_id, expected_charged, balance, claimed, charged, reserved_refund,
                refund_nonce, published_ceiling, withdrawal_amount,
                withdrawal_finalize_after_seconds, withdrawal_block, seen_block, lost, opened,
                early_amount, early_block, payer_gain, credit)
              WHERE c.channel_id = u.channel_id AND c.channel_id = ANY (?)
                AND c.charged = u.expected_charged
              """)
          .column("bytea", recorded -> recorded.after().id())
          .column("numeric", recorded -> recorded.before().account().charged())
          .column("numeric", after(Account::balance))
          .column("numeric", after(Account::claimed))
          .column("numeric", after(Account::charged))
          .column("numeric", after(Account::reservedRefund))
          .column("numeric", after(Account::refundNonce))
          .column("numeric", after(Account::publishedCeiling))
          .column("numeric", withdrawal(PendingWithdrawal::amount))
          .column("int8", withdrawal(PendingWithdrawal::finalizeAfterSeconds))
          .column("int8", withdrawal(PendingWithdrawal::block))
          .column("int8", after(Account::seenBlock))
          .column("bool", recorded -> recorded.after().channel() instanceof Lost)
          .column("bool", recorded -> recorded.after().opened())
          .column("numeric", after(account -> account.early().map(EarlyCredit::amount)))
          .column("int8", after(account -> account.early().map(EarlyCredit::block)))
          .column("numeric", Recorded::payerGain)
          .column("numeric", after(Account::credit))
          .column("bytea", recorded -> recorded.after().id());

  private final JdbcTemplate jdbc;
  private final JdbcClient client;

  ChannelRows(JdbcTemplate jdbc, JdbcClient client) {
    this.jdbc = jdbc;
    this.client = client;
  }

  /// Locks the rows, in the order of their ids whoever asks, so that two batches cannot wait for
  /// each other. A channel takes one decision at a time.
  @Transactional(propagation = Propagation.MANDATORY)
  public Map<ChannelId, ChannelRow> lock(Collection<ChannelId> ids) {
    var rows = new HashMap<ChannelId, ChannelRow>();
    if (ids.isEmpty()) return rows;
    byte[][] keys = ids.stream().distinct().map(ChannelId::toArray).toArray(byte[][]::new);
    jdbc.query(
            connection -> {
              var statement =
                  connection.prepareStatement(
                      SELECT
                          + """
                          WHERE channel_id = ANY (?) ORDER BY channel_id FOR UPDATE OF channel
                          """);
              statement.setArray(1, connection.createArrayOf("bytea", keys));
              return statement;
            },
            new ChannelRowMapper())
        .forEach(row -> rows.put(row.id(), row));
    return rows;
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public Optional<ChannelRow> lock(ChannelId id) {
    return Optional.ofNullable(lock(List.of(id)).get(id));
  }

  public Optional<ChannelRow> find(ChannelId id) {
    return client
        .sql(SELECT + "WHERE channel_id = ?")
        .param(id.toArray())
        .query(new ChannelRowMapper())
        .optional();
  }

  /// Those of the channels that are known.
  Map<ChannelId, ChannelStanding> standings(Collection<ChannelId> ids) {
    var mapper = new ChannelRowMapper();
    var standings = new HashMap<ChannelId, ChannelStanding>();
    byte[][] keys = ids.stream().distinct().map(ChannelId::toArray).toArray(byte[][]::new);
    client
        .sql(SELECT + "WHERE channel_id = ANY (?)")
        .param(keys)
        .query(
            (row, number) ->
                mapper.mapRow(row, number).standing(Columns.instant(row, "created_at")))
        .list()
        .forEach(standing -> standings.put(standing.channelId(), standing));
    return standings;
  }

  /// Stores what payments made of the channels.
  @Transactional(propagation = Propagation.MANDATORY)
  public void charge(List<Charge> charges) {
    expect(charges.size(), CHARGE.update(jdbc, charges), "charge a channel");
  }

  /// Stores facts of the chain, which no rule may refuse.
  @Transactional(propagation = Propagation.MANDATORY)
  void record(List<Recorded> recorded) {
    expect(recorded.size(), RECORD.update(jdbc, recorded), "record facts of a channel");
  }

  /// Ends a hold of `ended`, or gives back what was due: only what was held or due before can
  /// become the payer's credit.
  @Transactional(propagation = Propagation.MANDATORY)
  public void giveBack(ChannelRow before, Account after, Amount ended) {
    int touched =
        client
            .sql(
                """
                UPDATE channel
                   SET held = :held, credit = :credit, sequence = :sequence, updated_at = now()
                 WHERE channel_id = :id AND charged = :charged AND sequence = :sequence - 1
                   AND NOT lost AND held = :held + :ended AND credit <= :credit
                   AND :credit - credit <= CASE WHEN :ended > 0 THEN :ended
                                                ELSE charged - held - credit - returned END
                """)
            .param("id", before.id().toArray())
            .param("held", Columns.write(after.held()))
            .param("credit", Columns.write(after.credit()))
            .param("sequence", after.sequence())
            .param("charged", Columns.write(before.account().charged()))
            .param("ended", Columns.write(ended))
            .update();
    expect(1, touched, "give back");
  }

  /// Begins to give back on chain what is due: it must be there, and not claimed. The caller posts
  /// it to the payer's account.
  @Transactional(propagation = Propagation.MANDATORY)
  public void beginReturn(ChannelRow before, Account after, Amount amount) {
    int touched =
        ofReturn(
                """
                UPDATE channel
                   SET returned = :returned, reserved_refund = :reserved, sequence = :sequence,
                       payer_balance = payer_balance + :amount, updated_at = now()
                 WHERE channel_id = :id AND charged = :charged AND sequence = :sequence - 1
                   AND NOT lost AND withdrawal_block IS NULL
                   AND :returned = returned + :amount AND :reserved = reserved_refund + :amount
                   AND :amount <= charged - held - credit - returned
                   AND charged - held - credit - returned + reserved_refund <= balance
                   AND :amount <= balance - reserved_refund - CASE WHEN reserved_refund = 0
                         THEN claimed
                         ELSE greatest(claimed, charged - held - credit - returned) END
                """,
                before,
                after,
                amount)
            .update();
    expect(1, touched, "give back on chain");
  }

  /// It could not leave: it is due again, and the payer's account gives it back.
  @Transactional(propagation = Propagation.MANDATORY)
  public void undoReturn(ChannelRow before, Account after, Amount amount) {
    int touched =
        ofReturn(
                """
                UPDATE channel
                   SET returned = :returned, reserved_refund = :reserved, sequence = :sequence,
                       payer_balance = payer_balance - :amount, updated_at = now()
                 WHERE channel_id = :id AND charged = :charged AND sequence = :sequence - 1
                   AND NOT lost
                   AND :returned = returned - :amount AND :reserved = reserved_refund - :amount
                """,
                before,
                after,
                amount)
            .update();
    expect(1, touched, "undo what was given back on chain");
  }

  private StatementSpec ofReturn(String sql, ChannelRow before, Account after, Amount amount) {
    return client
        .sql(sql)
        .param("id", before.id().toArray())
        .param("charged", Columns.write(before.account().charged()))
        .param("sequence", after.sequence())
        .param("returned", Columns.write(after.returned()))
        .param("reserved", Columns.write(after.reservedRefund()))
        .param("amount", Columns.write(amount));
  }

  /// Sets the amount aside, so that nobody can pay with it any more.
  @Transactional(propagation = Propagation.MANDATORY)
  public void reserveRefund(ChannelRow before, Amount reserved, Instant at) {
    var charged = Columns.write(before.account().charged());
    int touched =
        client
            .sql(
                """
                UPDATE channel
                   SET reserved_refund = :reserved, last_refund_at = :at, updated_at = now()
                 WHERE channel_id = :id AND charged = :charged AND reserved_refund = 0
                   AND withdrawal_block IS NULL AND NOT lost
                   AND reservation_payment_id IS NULL
                   AND greatest(claimed, charged - returned) + :reserved <= balance
                """)
            .param("id", before.id().toArray())
            .param("reserved", Columns.write(reserved))
            .param("at", Columns.write(at))
            .param("charged", charged)
            .update();
    expect(1, touched, "reserve a refund");
  }

  /// Does nothing where the channel is known already.
  @Transactional(propagation = Propagation.MANDATORY)
  void insertOpening(ChannelId id, ChannelConfig config, Instant at) {
    client
        .sql(
            """
            INSERT INTO channel
              (channel_id, payer, payer_authorizer, receiver, receiver_authorizer, token,
               withdraw_delay_seconds, salt, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (channel_id) DO NOTHING
            """)
        .params(
            Columns.list(
                id,
                config.payer(),
                config.payerAuthorizer(),
                config.receiver(),
                config.receiverAuthorizer(),
                config.token(),
                config.withdrawDelaySeconds(),
                config.salt(),
                at,
                at))
        .update();
  }

  private static void expect(int rows, int touched, String what) {
    if (rows != touched) {
      throw new IllegalStateException(
          "PostgreSQL would not " + what + " as the rules decided: " + touched + " of " + rows);
    }
  }

  private static Function<Charge, @Nullable Object> newest(Function<SignedVoucher, Object> value) {
    return charge -> charge.after().account().newest().map(value).orElse(null);
  }

  private static Function<Charge, @Nullable Object> reservation(
      Function<Reservation, Object> value) {
    return charge -> charge.after().account().reservation().map(value).orElse(null);
  }

  private static Function<Recorded, @Nullable Object> after(Function<Account, Object> value) {
    return recorded -> value.apply(recorded.after().account());
  }

  private static Function<Recorded, @Nullable Object> withdrawal(
      Function<PendingWithdrawal, Object> value) {
    return recorded ->
        recorded.after().channel() instanceof Withdrawing leaving
            ? value.apply(leaving.withdrawal())
            : null;
  }

  /// What facts made of one channel.
  record Recorded(ChannelRow before, ChannelRow after, BigInteger payerGain) {}
}
