package millrace.settlement.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import org.jspecify.annotations.Nullable;

/// Values of the domain as columns.
public final class Columns {
  private Columns() {}

  public static BigDecimal write(Amount amount) {
    return new BigDecimal(amount.units());
  }

  public static BigDecimal write(BigInteger integer) {
    return new BigDecimal(integer);
  }

  public static OffsetDateTime write(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  public static Amount amount(ResultSet row, String column) throws SQLException {
    return new Amount(integer(row, column));
  }

  public static BigInteger integer(ResultSet row, String column) throws SQLException {
    return present(row.getBigDecimal(column), column).toBigIntegerExact();
  }

  public static ChannelId channelId(ResultSet row, String column) throws SQLException {
    return ChannelId.of(bytes(row, column));
  }

  public static Bytes32 bytes32(ResultSet row, String column) throws SQLException {
    return Bytes32.of(bytes(row, column));
  }

  public static Optional<Bytes32> optionalBytes32(ResultSet row, String column)
      throws SQLException {
    return Optional.ofNullable(row.getBytes(column)).map(Bytes32::of);
  }

  public static Address address(ResultSet row, String column) throws SQLException {
    return Address.of(bytes(row, column));
  }

  public static Signature signature(ResultSet row, String column) throws SQLException {
    return Signature.of(bytes(row, column));
  }

  public static Optional<Instant> optionalInstant(ResultSet row, String column)
      throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  public static String text(ResultSet row, String column) throws SQLException {
    return present(row.getString(column), column);
  }

  /// The terms of a channel, of a row that has all columns of table `channel`.
  public static ChannelConfig config(ResultSet row) throws SQLException {
    return new ChannelConfig(
        address(row, "payer"),
        address(row, "payer_authorizer"),
        address(row, "receiver"),
        address(row, "receiver_authorizer"),
        address(row, "token"),
        row.getLong("withdraw_delay_seconds"),
        bytes32(row, "salt"));
  }

  /// One column of many rows, for `unnest`. The driver takes arrays of bytes only by their exact
  /// type.
  public static <T> java.sql.Array array(
      Connection connection, String type, Collection<T> rows, Function<T, Object> column)
      throws SQLException {
    var values = rows.stream().map(column);
    return connection.createArrayOf(
        type, "bytea".equals(type) ? values.toArray(byte[][]::new) : values.toArray());
  }

  private static byte[] bytes(ResultSet row, String column) throws SQLException {
    return present(row.getBytes(column), column);
  }

  private static <T> T present(@Nullable T value, String column) {
    return Objects.requireNonNull(value, () -> column + " is null");
  }
}
