package millrace.channel.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import org.jspecify.annotations.Nullable;

/// Values of the domain as columns.
public final class Columns {
  private Columns() {}

  /// The form in which the driver takes a value; other values pass as they are.
  public static @Nullable Object write(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> optional -> write(optional.orElse(null));
      case Amount amount -> new BigDecimal(amount.units());
      case BigInteger integer -> new BigDecimal(integer);
      case ChannelId id -> id.toArray();
      case Bytes32 bytes -> bytes.toArray();
      case Address address -> address.toArray();
      case Signature signature -> signature.toArray();
      case Instant instant -> instant.atOffset(ZoneOffset.UTC);
      case Enum<?> name -> name.name();
      default -> value;
    };
  }

  /// The values of a statement's parameters, in their order.
  public static List<@Nullable Object> list(Object... values) {
    return Arrays.stream(values).<@Nullable Object>map(Columns::write).toList();
  }

  public static Amount amount(ResultSet row, String column) throws SQLException {
    return new Amount(integer(row, column));
  }

  public static Optional<Amount> optionalAmount(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getBigDecimal(column))
        .map(BigDecimal::toBigIntegerExact)
        .map(Amount::new);
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

  public static Instant instant(ResultSet row, String column) throws SQLException {
    return present(row.getObject(column, OffsetDateTime.class), column).toInstant();
  }

  public static String text(ResultSet row, String column) throws SQLException {
    return present(row.getString(column), column);
  }

  private static byte[] bytes(ResultSet row, String column) throws SQLException {
    return present(row.getBytes(column), column);
  }

  private static <T> T present(@Nullable T value, String column) {
    return Objects.requireNonNull(value, () -> column + " is null");
  }
}
