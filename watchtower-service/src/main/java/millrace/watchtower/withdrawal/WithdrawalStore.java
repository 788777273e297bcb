package millrace.watchtower.withdrawal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Notes of withdrawals. Everything that may change a verdict raises the note's revision and makes
/// it due; a verdict is written only over the revision it was worked out from.
@Repository
class WithdrawalStore {
  private final JdbcClient jdbc;

  WithdrawalStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A withdrawal was started, or is pending as we find out now.
  void note(ChannelId channel, long finalizeAfterSeconds, long block, Instant at) {
    jdbc.sql(
            """
            INSERT INTO withdrawal (channel_id, finalize_after_seconds, seen_block, seen_at, look_at)
            VALUES (:channel, :finalizeAfter, :block, :at, :at)
            ON CONFLICT (channel_id) WHERE ended_at IS NULL DO UPDATE
               SET finalize_after_seconds = excluded.finalize_after_seconds,
                   seen_block = excluded.seen_block,
                   look_at = excluded.look_at,
                   revision = withdrawal.revision + 1
            """)
        .param("channel", channel.toArray())
        .param("finalizeAfter", finalizeAfterSeconds)
        .param("block", block)
        .param("at", time(at))
        .update();
  }

  /// Something happened to these channels; what has no open withdrawal is passed over.
  void lookAgain(Collection<ChannelId> channels, Instant at) {
    jdbc.sql(
            """
            WITH open AS (
              SELECT id FROM withdrawal
               WHERE channel_id = ANY (:channels) AND ended_at IS NULL
               ORDER BY channel_id FOR UPDATE)
            UPDATE withdrawal SET look_at = :at, revision = revision + 1
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
            UPDATE withdrawal SET look_at = :at, revision = revision + 1
              FROM open WHERE withdrawal.id = open.id
            """)
        .param("at", time(at))
        .update();
  }

  /// Those due whose voucher we hold, the longest waiting first, so that none starves.
  List<WatchedWithdrawal> due(Instant now, int limit) {
    return jdbc.sql(
            """
            SELECT channel_id, finalize_after_seconds, seen_block, seen_at, revision
              FROM withdrawal
             WHERE ended_at IS NULL AND look_at <= :now
               AND EXISTS (SELECT FROM voucher WHERE voucher.channel_id = withdrawal.channel_id)
             ORDER BY look_at LIMIT :limit
            """)
        .param("now", time(now))
        .param("limit", limit)
        .query(
            (row, _) ->
                new WatchedWithdrawal(
                    ChannelId.of(row.getBytes("channel_id")),
                    row.getLong("finalize_after_seconds"),
                    row.getLong("seen_block"),
                    row.getObject("seen_at", OffsetDateTime.class).toInstant(),
                    row.getLong("revision")))
        .list();
  }

  /// @param lookAt when to look again; empty: when something happens
  /// @return false when something happened since the note was read
  boolean judge(WatchedWithdrawal note, Verdict verdict, Optional<Instant> lookAt) {
    return jdbc.sql(
                """
                UPDATE withdrawal SET verdict = :verdict, look_at = CAST(:lookAt AS timestamptz)
                 WHERE channel_id = :channel AND ended_at IS NULL AND revision = :revision
                """)
            .param("verdict", word(verdict))
            .param("lookAt", lookAt.map(WithdrawalStore::time).orElse(null))
            .param("channel", note.channelId().toArray())
            .param("revision", note.revision())
            .update()
        == 1;
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
  void end(ChannelId channel, long block, Instant at) {
    jdbc.sql(
            """
            UPDATE withdrawal
               SET ended_at = :at, ended_block = :block, look_at = NULL, verdict = 'GONE'
             WHERE channel_id = :channel AND ended_at IS NULL AND seen_block <= :block
            """)
        .param("at", time(at))
        .param("channel", channel.toArray())
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
