package millrace.payer.cli;

import millrace.protocol.type.Amount;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Base units, as everywhere.
final class AmountConverter implements ITypeConverter<Amount> {
  @Override
  public Amount convert(String text) {
    try {
      return Amount.of(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(String.valueOf(wrong.getMessage()));
    }
  }
}
