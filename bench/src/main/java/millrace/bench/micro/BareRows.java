package millrace.bench.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import millrace.protocol.eip712.Keccak;

/// The least that a commit of so many payments could be: one table, one statement, no rules.
final class BareRows implements AutoCloseable {
  private static final String UPDATE =
      """
      UPDATE bare AS b SET charged = u.charged, signature = u.signature
        FROM unnest(?, ?, ?) AS u (id, charged, signature) WHERE b.id = u.id
      """;

  private final Connection connection;
  private final byte[][] ids;
  private final byte[][] signatures;
  private long charged;

  /// @param writer owns rows that no other writer touches
  BareRows(Connection connection, long writer, int rows) throws SQLException {
    this.connection = connection;
    ids =
        IntStream.range(0, rows)
            .mapToObj(row -> Keccak.hash((writer + ":" + row).getBytes(US_ASCII)))
            .toArray(byte[][]::new);
    signatures = Stream.generate(() -> new byte[65]).limit(rows).toArray(byte[][]::new);
    try (var insert =
        connection.prepareStatement("INSERT INTO bare SELECT unnest(?), 0, ''::bytea")) {
      insert.setArray(1, connection.createArrayOf("bytea", ids));
      insert.executeUpdate();
    }
  }

  /// One transaction.
  int update() throws SQLException {
    charged++;
    var totals = new BigDecimal[ids.length];
    Arrays.fill(totals, BigDecimal.valueOf(charged));
    try (var statement = connection.prepareStatement(UPDATE)) {
      statement.setArray(1, connection.createArrayOf("bytea", ids));
      statement.setArray(2, connection.createArrayOf("numeric", totals));
      statement.setArray(3, connection.createArrayOf("bytea", signatures));
      return statement.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
