package millrace.channel.book;

import static millrace.channel.sql.Columns.amount;
import static millrace.channel.sql.Columns.integer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import millrace.channel.sql.Columns;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.CeilingPublished;
import millrace.protocol.channel.Input.CreditGiven;
import millrace.protocol.channel.Input.EarlyCreditGranted;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Input.HoldEndRequested;
import millrace.protocol.channel.Input.RefundFailed;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.channel.Input.ReleaseRequested;
import millrace.protocol.channel.Input.ReturnFailed;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.WithdrawalSeen;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.ChannelId;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// The table `unknown_channel`: an id says nothing of its terms, so facts wait here for the first
/// voucher or deposit, which carries them.
@Repository
class UnknownChannels {
  private final JdbcTemplate jdbc;
  private final JdbcClient client;

  UnknownChannels(JdbcTemplate jdbc, JdbcClient client) {
    this.jdbc = jdbc;
    this.client = client;
  }

  /// Whoever writes an observation and whoever takes one over exclude each other: a fact must not
  /// be put aside for a channel that is just becoming known.
  @Transactional(propagation = Propagation.MANDATORY)
  public void exclude(ChannelId id) {
    client
        .sql("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")
        .param(id.toString())
        .query((row, number) -> number)
        .single();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void keep(ChannelId id, Fact fact, Instant at) {
    switch (fact) {
      case StateSeen(var state) -> keep(id, state, at);
      case RefundSeen(_, var after) -> keep(id, after, at);
      case WithdrawalSeen(var withdrawal) -> keep(id, withdrawal, at);
      case CeilingPublished(var ceiling) ->
          client
              .sql(
                  """
                  INSERT INTO unknown_channel AS kept (channel_id, published_ceiling, seen_at)
                  VALUES (?, ?, ?)
                  ON CONFLICT (channel_id) DO UPDATE SET published_ceiling =
                    greatest(kept.published_ceiling, excluded.published_ceiling)
                  """)
              .params(Columns.list(id, ceiling, at))
              .update();
      case CaptureRequested _,
          ReleaseRequested _,
          HoldEndRequested _,
          CreditGiven _,
          ReturnFailed _,
          RefundFailed _,
          EarlyCreditGranted _ -> {
        // They answer to something we did, so the channel would be known.
      }
    }
  }

  private void keep(ChannelId id, ChainState state, Instant at) {
    var withdrawal = state.withdrawal();
    client
        .sql(
            """
            INSERT INTO unknown_channel AS kept
              (channel_id, block, balance, claimed, refund_nonce, withdrawal_amount,
               withdrawal_finalize_after_seconds, withdrawal_block, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (channel_id) DO UPDATE SET
              block = excluded.block, balance = excluded.balance, claimed = excluded.claimed,
              refund_nonce = excluded.refund_nonce,
              withdrawal_amount = excluded.withdrawal_amount,
              withdrawal_finalize_after_seconds = excluded.withdrawal_finalize_after_seconds,
              withdrawal_block = excluded.withdrawal_block
            WHERE kept.block IS NULL OR kept.block <= excluded.block
            """)
        .params(
            Columns.list(
                id,
                state.block(),
                state.balance(),
                state.claimed(),
                state.refundNonce(),
                withdrawal.map(PendingWithdrawal::amount),
                withdrawal.map(PendingWithdrawal::finalizeAfterSeconds),
                withdrawal.map(PendingWithdrawal::block),
                at))
        .update();
  }

  private void keep(ChannelId id, PendingWithdrawal withdrawal, Instant at) {
    client
        .sql(
            """
            INSERT INTO unknown_channel AS kept
              (channel_id, head_amount, head_finalize_after_seconds, head_block, seen_at)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (channel_id) DO UPDATE SET
              head_amount = excluded.head_amount,
              head_finalize_after_seconds = excluded.head_finalize_after_seconds,
              head_block = excluded.head_block
            WHERE kept.head_block IS NULL OR kept.head_block <= excluded.head_block
            """)
        .params(
            Columns.list(
                id, withdrawal.amount(), withdrawal.finalizeAfterSeconds(), withdrawal.block(), at))
        .update();
  }

  /// Which of these channels something is kept of.
  Set<ChannelId> among(Collection<ChannelId> ids) {
    if (ids.isEmpty()) return Set.of();
    byte[][] keys = ids.stream().map(ChannelId::toArray).toArray(byte[][]::new);
    return new HashSet<>(
        jdbc.query(
            connection -> {
              var statement =
                  connection.prepareStatement(
                      "SELECT channel_id FROM unknown_channel WHERE channel_id = ANY (?)");
              statement.setArray(1, connection.createArrayOf("bytea", keys));
              return statement;
            },
            (row, number) -> Columns.channelId(row, "channel_id")));
  }

  /// The facts kept of a channel, in the order in which they have to be applied: what is final
  /// first, then what may not be.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Fact> take(ChannelId id) {
    return client
        .sql("DELETE FROM unknown_channel WHERE channel_id = ? RETURNING *")
        .param(id.toArray())
        .query((row, number) -> facts(row))
        .optional()
        .orElse(List.of());
  }

  private static List<Fact> facts(ResultSet row) throws SQLException {
    var facts = new ArrayList<Fact>();
    if (row.getObject("block") != null) {
      facts.add(
          new StateSeen(
              new ChainState(
                  row.getLong("block"),
                  amount(row, "balance"),
                  amount(row, "claimed"),
                  integer(row, "refund_nonce"),
                  ChannelRowMapper.withdrawal(row, "withdrawal_"))));
    }
    ChannelRowMapper.withdrawal(row, "head_").map(WithdrawalSeen::new).ifPresent(facts::add);
    var published = amount(row, "published_ceiling");
    if (!published.isZero()) facts.add(new CeilingPublished(published));
    return facts;
  }
}
