package millrace.watchtower.withdrawal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Notes of withdrawals. Everything that may change a verdict raises the note's revision and makes
/// it due; a verdict is written only over the revision it was worked out from.
@Repository
class WithdrawalStore {
  /// For a block that does not come.
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final JdbcClient jdbc;

  WithdrawalStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A withdrawal as somebody told of it.
  record Seen(ChannelId channel, long finalizeAfterSeconds, long block) {}

  /// Withdrawals were started, or are pending as we find out now; at most one for each channel.
  void note(List<Seen> withdrawals, Instant at) {
    jdbc.sql(
            """
            INSERT INTO withdrawal
              (channel_id, finalize_after_seconds, seen_block, seen_at, look_at)
            SELECT seen.*, ?, ? FROM unnest(?::bytea[], ?::bigint[], ?::bigint[]) AS seen (channel)
             ORDER BY channel
            ON CONFLICT (channel_id) WHERE ended_at IS NULL DO UPDATE
               SET finalize_after_seconds = excluded.finalize_after_seconds,
                   seen_block = excluded.seen_block,
                   look_at = excluded.look_at, look_block = 0, verdict = 'UNKNOWN',
                   revision = withdrawal.revision + 1
            """)
        .param(time(at))
        .param(time(at))
        .param(withdrawals.stream().map(seen -> seen.channel().toArray()).toArray(byte[][]::new))
        .param(withdrawals.stream().mapToLong(Seen::finalizeAfterSeconds).toArray())
        .param(withdrawals.stream().mapToLong(Seen::block).toArray())
        .update();
  }

  /// Which of the channels have a withdrawal that is watched.
  Set<ChannelId> open(Collection<ChannelId> channels) {
    return jdbc.sql(
            """
            SELECT channel_id FROM withdrawal
             WHERE channel_id = ANY (:channels) AND ended_at IS NULL
            """)
        .param("channels", ids(channels))
        .query((row, _) -> ChannelId.of(row.getBytes("channel_id")))
        .set();
  }

  /// Something happened to these channels; what has no open withdrawal is passed over.
  void lookAgain(Collection<ChannelId> channels, Instant at) {
    jdbc.sql(
            """
            WITH open AS (
              SELECT id FROM withdrawal
               WHERE channel_id = ANY (:channels) AND ended_at IS NULL
               ORDER BY channel_id FOR UPDATE)
            UPDATE withdrawal SET look_at = :at, look_block = 0, revision = revision + 1
              FROM open WHERE withdrawal.id = open.id
            """)
        .param("channels", ids(channels))
        .param("at", time(at))
        .update();
  }

  /// After a reorganisation nothing that was read is sure. What ended in a removed block, which
  /// then was removed in spite of its confirmations, is open again.
  void lookAtAllAgain(long firstRemovedBlock, Instant at) {
    jdbc.sql(
            """
            UPDATE withdrawal SET ended_at = NULL, ended_block = NULL
             WHERE id IN (SELECT max(id) FROM withdrawal WHERE ended_block >= :block
                           GROUP BY channel_id)
               AND NOT EXISTS (SELECT FROM withdrawal AS newer
                                WHERE newer.channel_id = withdrawal.channel_id
                                  AND newer.ended_at IS NULL)
            """)
        .param("block", firstRemovedBlock)
        .update();
    jdbc.sql(
            """
            WITH open AS (
              SELECT id FROM withdrawal WHERE ended_at IS NULL ORDER BY channel_id FOR UPDATE)
            UPDATE withdrawal
               SET look_at = :at, look_block = 0, verdict = 'UNKNOWN', revision = revision + 1
              FROM open WHERE withdrawal.id = open.id
            """)
        .param("at", time(at))
        .update();
  }

  /// Those nobody has looked at since they came or since a reorganisation, whose voucher we hold:
  /// the earliest deadline of all, the most charged of several.
  List<WatchedWithdrawal> unknown(Instant now, int limit) {
    return jdbc.sql(
            """
            SELECT channel_id, finalize_after_seconds, seen_block, seen_at, revision
              FROM withdrawal JOIN voucher USING (channel_id)
             WHERE ended_at IS NULL AND look_at <= :now AND verdict = 'UNKNOWN'
             ORDER BY finalize_after_seconds, charged DESC LIMIT :limit
            """)
        .param("now", time(now))
        .param("limit", limit)
        .query(WithdrawalStore::watched)
        .list();
  }

  /// Those to look at once more: first those that may be exposed, the earliest deadline of all.
  ///
  /// @param newest block of the chain; a node that says it is not there yet is not believed for
  ///     longer than a while
  List<WatchedWithdrawal> again(Instant now, long newest, int limit) {
    return jdbc.sql(
            """
            SELECT channel_id, finalize_after_seconds, seen_block, seen_at, revision
              FROM withdrawal JOIN voucher USING (channel_id)
             WHERE ended_at IS NULL AND look_at <= :now AND verdict <> 'UNKNOWN'
               AND (look_block <= :newest OR look_at <= :waited)
             ORDER BY verdict = 'SETTLING', finalize_after_seconds, charged DESC LIMIT :limit
            """)
        .param("now", time(now))
        .param("newest", newest)
        .param("waited", time(now.minus(LONGEST_WAIT)))
        .param("limit", limit)
        .query(WithdrawalStore::watched)
        .list();
  }

  private static WatchedWithdrawal watched(ResultSet row, int number) throws SQLException {
    return new WatchedWithdrawal(
        ChannelId.of(row.getBytes("channel_id")),
        row.getLong("finalize_after_seconds"),
        row.getLong("seen_block"),
        row.getObject("seen_at", OffsetDateTime.class).toInstant(),
        row.getLong("revision"));
  }

  /// What was worked out from a note.
  ///
  /// @param next when to look again; empty: when something happens
  record Judgement(WatchedWithdrawal note, Verdict verdict, Optional<Look> next) {}

  /// Writes down what still holds, in order of channel: so does everybody who writes several.
  ///
  /// @return the channels to which nothing happened since their note was read
  Set<ChannelId> judge(List<Judgement> judgements) {
    var notes = judgements.stream().map(Judgement::note).toList();
    return jdbc.sql(
            """
            WITH judged AS (
              SELECT id, judgement.verdict, judgement.look_at, judgement.look_block
                FROM unnest(?::bytea[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
                       AS judgement (channel_id, revision, verdict, look_at, look_block)
                JOIN withdrawal USING (channel_id, revision)
               WHERE ended_at IS NULL ORDER BY channel_id FOR UPDATE OF withdrawal)
            UPDATE withdrawal
               SET verdict = judged.verdict, look_at = judged.look_at::timestamptz,
                   look_block = judged.look_block
              FROM judged WHERE withdrawal.id = judged.id
            RETURNING channel_id
            """)
        .param(notes.stream().map(note -> note.channelId().toArray()).toArray(byte[][]::new))
        .param(notes.stream().mapToLong(WatchedWithdrawal::revision).toArray())
        .param(judgements.stream().map(j -> word(j.verdict())).toArray(String[]::new))
        .param(
            judgements.stream()
                .map(j -> j.next().map(look -> look.at().toString()).orElse(null))
                .toArray(String[]::new))
        .param(judgements.stream().mapToLong(j -> j.next().map(Look::block).orElse(0L)).toArray())
        .query((row, _) -> ChannelId.of(row.getBytes("channel_id")))
        .set();
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Gone _ -> "GONE";
      case Verdict.Untouchable _ -> "UNTOUCHABLE";
      case Verdict.Safe _ -> "SAFE";
      case Verdict.Settling _ -> "SETTLING";
      case Verdict.Exposed _ -> "EXPOSED";
    };
  }

  /// Ends what was seen up to that final block.
  void end(Collection<ChannelId> channels, long block, Instant at) {
    jdbc.sql(
            """
            UPDATE withdrawal
               SET ended_at = :at, ended_block = :block, look_at = NULL, verdict = 'GONE'
             WHERE id IN (SELECT id FROM withdrawal
                           WHERE channel_id = ANY (:channels) AND ended_at IS NULL
                             AND seen_block <= :block
                           ORDER BY channel_id FOR UPDATE)
            """)
        .param("at", time(at))
        .param("channels", ids(channels))
        .param("block", block)
        .update();
  }

  void answered(Collection<ChannelId> channels, Bytes32 transaction) {
    jdbc.sql(
            """
            UPDATE withdrawal SET answered_by = :transaction
             WHERE channel_id = ANY (:channels) AND ended_at IS NULL
            """)
        .param("transaction", transaction.toArray())
        .param("channels", ids(channels))
        .update();
  }

  /// What the tower knows of withdrawals of channels it guards.
  ///
  /// @param exposed where somebody could take what is owed now
  /// @param firstDeadlineSeconds the earliest block time at which one of those could; 0: none
  record Counts(long seen, long open, long answered, long exposed, long firstDeadlineSeconds) {}

  Counts counts() {
    return jdbc.sql(
            """
            SELECT count(*) AS seen,
                   count(*) FILTER (WHERE ended_at IS NULL) AS open,
                   count(answered_by) AS answered,
                   count(*) FILTER (WHERE ended_at IS NULL AND verdict = 'EXPOSED') AS exposed,
                   coalesce(min(finalize_after_seconds) FILTER (
                     WHERE ended_at IS NULL AND verdict = 'EXPOSED'), 0) AS deadline
              FROM withdrawal
             WHERE EXISTS (SELECT FROM voucher WHERE voucher.channel_id = withdrawal.channel_id)
            """)
        .query(
            (row, _) ->
                new Counts(
                    row.getLong("seen"),
                    row.getLong("open"),
                    row.getLong("answered"),
                    row.getLong("exposed"),
                    row.getLong("deadline")))
        .single();
  }

  private static byte[][] ids(Collection<ChannelId> channels) {
    return channels.stream().map(ChannelId::toArray).toArray(byte[][]::new);
  }

  private static OffsetDateTime time(Instant at) {
    return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
  }
}
