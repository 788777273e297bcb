package millrace.chain.follower;

import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.ContractLog;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The follower's memory.
final class BlockStore {
  private final JdbcClient jdbc;

  BlockStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Optional<Cursor> cursor() {
    return jdbc.sql("SELECT head_block, head_hash, final_block FROM chain_cursor")
        .query(
            (row, _) ->
                new Cursor(
                    row.getLong("head_block"),
                    Bytes32.of(row.getBytes("head_hash")),
                    row.getLong("final_block")))
        .optional();
  }

  /// Remembers the block before the first one to follow. Whoever comes second changes nothing.
  void begin(FollowedBlock block) {
    jdbc.sql(
            """
            INSERT INTO chain_cursor (head_block, head_hash, final_block)
            VALUES (:number, :hash, :number)
            ON CONFLICT DO NOTHING
            """)
        .param("number", block.number())
        .param("hash", block.hash().toArray())
        .update();
    jdbc.sql(
            """
            INSERT INTO chain_block (number, hash, parent, seconds)
            VALUES (:number, :hash, :parent, :seconds)
            ON CONFLICT DO NOTHING
            """)
        .param("number", block.number())
        .param("hash", block.hash().toArray())
        .param("parent", block.parent().toArray())
        .param("seconds", block.timestamp().getEpochSecond())
        .update();
  }

  /// Why nothing is followed any more, if so.
  Optional<String> stopped() {
    return jdbc.sql("SELECT stopped FROM chain_cursor WHERE stopped IS NOT NULL")
        .query(String.class)
        .optional();
  }

  void stop(String reason) {
    jdbc.sql("UPDATE chain_cursor SET stopped = :reason").param("reason", reason).update();
  }

  void resume() {
    jdbc.sql("UPDATE chain_cursor SET stopped = NULL").update();
  }

  /// Moves the cursor if it still is where the caller read it.
  ///
  /// @return false when another process moved it
  boolean move(Cursor from, Cursor to) {
    return jdbc.sql(
                """
                UPDATE chain_cursor
                   SET head_block = :head, head_hash = :hash, final_block = :final
                 WHERE head_block = :oldHead AND head_hash = :oldHash AND final_block = :oldFinal
                """)
            .param("head", to.head())
            .param("hash", to.hash().toArray())
            .param("final", to.finalBlock())
            .param("oldHead", from.head())
            .param("oldHash", from.hash().toArray())
            .param("oldFinal", from.finalBlock())
            .update()
        == 1;
  }

  /// Blocks that follow each other, and the logs of each.
  void put(List<FollowedBlock> blocks, List<List<ContractLog>> logs) {
    jdbc.sql(
            """
            INSERT INTO chain_block (number, hash, parent, seconds)
            SELECT * FROM unnest(?::bigint[], ?::bytea[], ?::bytea[], ?::bigint[])
            """)
        .param(blocks.stream().mapToLong(FollowedBlock::number).toArray())
        .param(blocks.stream().map(block -> block.hash().toArray()).toArray(byte[][]::new))
        .param(blocks.stream().map(block -> block.parent().toArray()).toArray(byte[][]::new))
        .param(blocks.stream().mapToLong(block -> block.timestamp().getEpochSecond()).toArray())
        .update();
    for (var ofBlock : logs) ofBlock.forEach(this::put);
  }

  private void put(ContractLog log) {
    var topics = new ByteArrayOutputStream();
    for (var topic : log.topics()) topics.writeBytes(topic.toArray());
    jdbc.sql(
            """
            INSERT INTO chain_log (block, log_index, contract, topics, data, transaction)
            VALUES (:block, :index, :contract, :topics, :data, :transaction)
            """)
        .param("block", log.block())
        .param("index", log.logIndex())
        .param("contract", log.contract().toArray())
        .param("topics", topics.toByteArray())
        .param("data", log.data().toArray())
        .param("transaction", log.transaction().toArray())
        .update();
  }

  Optional<FollowedBlock> block(long number) {
    return jdbc.sql("SELECT number, hash, parent, seconds FROM chain_block WHERE number = :number")
        .param("number", number)
        .query((row, _) -> block(row))
        .optional();
  }

  Optional<FollowedBlock> finalBlock() {
    return jdbc.sql(
            """
            SELECT number, hash, parent, seconds
              FROM chain_cursor JOIN chain_block ON number = final_block
            """)
        .query((row, _) -> block(row))
        .optional();
  }

  /// In order, with their logs. Some may be missing.
  List<FinalBlock> range(long first, long last) {
    var logs = new HashMap<Long, List<ContractLog>>();
    var blocks =
        jdbc.sql(
                """
                SELECT number, hash, parent, seconds FROM chain_block
                 WHERE number BETWEEN :first AND :last ORDER BY number
                """)
            .param("first", first)
            .param("last", last)
            .query((row, _) -> block(row))
            .list();
    jdbc.sql(
            """
            SELECT block, hash, log_index, contract, topics, data, transaction
              FROM chain_log JOIN chain_block ON number = block
             WHERE block BETWEEN :first AND :last ORDER BY block, log_index
            """)
        .param("first", first)
        .param("last", last)
        .query((row, _) -> log(row))
        .list()
        .forEach(log -> logs.computeIfAbsent(log.block(), _ -> new ArrayList<>()).add(log));
    return blocks.stream()
        .map(block -> new FinalBlock(block, logs.getOrDefault(block.number(), List.of())))
        .toList();
  }

  void removeFrom(long number) {
    jdbc.sql("DELETE FROM chain_block WHERE number >= :number").param("number", number).update();
  }

  void forgetBefore(long number) {
    jdbc.sql("DELETE FROM chain_block WHERE number < :number").param("number", number).update();
  }

  private static FollowedBlock block(ResultSet row) throws SQLException {
    return new FollowedBlock(
        row.getLong("number"),
        Bytes32.of(row.getBytes("hash")),
        Bytes32.of(row.getBytes("parent")),
        Instant.ofEpochSecond(row.getLong("seconds")));
  }

  private static ContractLog log(ResultSet row) throws SQLException {
    byte[] packed = row.getBytes("topics");
    var topics = new ArrayList<Bytes32>();
    for (int from = 0; from < packed.length; from += 32) {
      topics.add(Bytes32.of(Arrays.copyOfRange(packed, from, from + 32)));
    }
    return new ContractLog(
        Address.of(row.getBytes("contract")),
        topics,
        Bytes.of(row.getBytes("data")),
        Bytes32.of(row.getBytes("transaction")),
        Bytes32.of(row.getBytes("hash")),
        row.getLong("block"),
        row.getInt("log_index"));
  }
}
