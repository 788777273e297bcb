package millrace.settlement.sql;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.math.BigDecimal;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import org.jspecify.annotations.Nullable;

/// The same for entities.
public final class Converters {
  private Converters() {}

  @Converter(autoApply = true)
  public static class OfAmount implements AttributeConverter<Amount, BigDecimal> {
    @Override
    public @Nullable BigDecimal convertToDatabaseColumn(@Nullable Amount amount) {
      return amount == null ? null : Columns.write(amount);
    }

    @Override
    public @Nullable Amount convertToEntityAttribute(@Nullable BigDecimal units) {
      return units == null ? null : new Amount(units.toBigIntegerExact());
    }
  }

  @Converter(autoApply = true)
  public static class OfAddress implements AttributeConverter<Address, byte[]> {
    @Override
    public byte @Nullable [] convertToDatabaseColumn(@Nullable Address address) {
      return address == null ? null : address.toArray();
    }

    @Override
    public @Nullable Address convertToEntityAttribute(byte @Nullable [] bytes) {
      return bytes == null ? null : Address.of(bytes);
    }
  }

  @Converter(autoApply = true)
  public static class OfBytes32 implements AttributeConverter<Bytes32, byte[]> {
    @Override
    public byte @Nullable [] convertToDatabaseColumn(@Nullable Bytes32 value) {
      return value == null ? null : value.toArray();
    }

    @Override
    public @Nullable Bytes32 convertToEntityAttribute(byte @Nullable [] bytes) {
      return bytes == null ? null : Bytes32.of(bytes);
    }
  }
}
