package millrace.watchtower.withdrawal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Which claims the tower made, and what became of them.
@Repository
class ClaimStore {
  private final JdbcClient jdbc;

  ClaimStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// One channel of a claim.
  record Row(ChannelId channelId, Amount ceiling, Amount totalClaimed) {}

  enum Outcome {
    SUCCEEDED,
    REVERTED,
    REFUSED
  }

  /// A claim of a channel that was made before, newest first in lists.
  record Earlier(ChannelId channelId, Amount totalClaimed, Optional<Instant> endedAt) {}

  long add(List<Row> rows, Instant at) {
    long id =
        jdbc.sql("INSERT INTO claim (requested_at) VALUES (:at) RETURNING id")
            .param("at", time(at))
            .query(Long.class)
            .single();
    jdbc.sql(
            """
            INSERT INTO claim_row (claim_id, channel_id, ceiling, total_claimed)
            SELECT ?, * FROM unnest(?::bytea[], ?::numeric[], ?::numeric[])
            """)
        .param(id)
        .param(rows.stream().map(row -> row.channelId().toArray()).toArray(byte[][]::new))
        .param(rows.stream().map(row -> row.ceiling().toString()).toArray(String[]::new))
        .param(rows.stream().map(row -> row.totalClaimed().toString()).toArray(String[]::new))
        .update();
    return id;
  }

  void end(long id, Outcome outcome, @Nullable Bytes32 transaction, Instant at) {
    jdbc.sql(
            """
            UPDATE claim SET ended_at = :at, outcome = :outcome, hash = CAST(:hash AS bytea)
             WHERE id = :id
            """)
        .param("at", time(at))
        .param("outcome", outcome.name())
        .param("hash", transaction == null ? null : transaction.toArray())
        .param("id", id)
        .update();
  }

  List<Row> rows(long id) {
    return jdbc.sql(
            """
            SELECT channel_id, ceiling, total_claimed FROM claim_row
             WHERE claim_id = :id ORDER BY channel_id
            """)
        .param("id", id)
        .query(
            (row, _) ->
                new Row(
                    ChannelId.of(row.getBytes("channel_id")),
                    new Amount(row.getBigDecimal("ceiling").toBigIntegerExact()),
                    new Amount(row.getBigDecimal("total_claimed").toBigIntegerExact())))
        .list();
  }

  Map<ChannelId, List<Earlier>> of(Collection<ChannelId> channels) {
    return jdbc
        .sql(
            """
            SELECT channel_id, total_claimed, ended_at
              FROM claim_row JOIN claim ON claim.id = claim_row.claim_id
             WHERE channel_id = ANY (:channels) ORDER BY claim_id DESC
            """)
        .param("channels", channels.stream().map(ChannelId::toArray).toArray(byte[][]::new))
        .query(
            (row, _) ->
                new Earlier(
                    ChannelId.of(row.getBytes("channel_id")),
                    new Amount(row.getBigDecimal("total_claimed").toBigIntegerExact()),
                    Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant)))
        .list()
        .stream()
        .collect(Collectors.groupingBy(Earlier::channelId));
  }

  private static OffsetDateTime time(Instant at) {
    return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
  }

  /// By all claims of this tower that are in final blocks.
  long gasUsed() {
    return jdbc.sql("SELECT coalesce(sum(gas_used), 0)::bigint FROM chain_transaction")
        .query(Long.class)
        .single();
  }
}
