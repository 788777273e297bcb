package millrace.protocol.type;

import java.math.BigInteger;

/// A quantity of one asset in its base units. Never negative, never a fraction, always a `uint128`,
/// which is what the wire and the contract speak.
public record Amount(BigInteger units) implements Comparable<Amount> {
  public static final int BITS = 128;
  public static final Amount ZERO = new Amount(BigInteger.ZERO);
  public static final Amount MAX =
      new Amount(BigInteger.ONE.shiftLeft(BITS).subtract(BigInteger.ONE));

  private static final int DIGITS = 39;

  public Amount {
    if (units.signum() < 0 || units.bitLength() > BITS) {
      throw new ArithmeticException("not a uint128: " + units);
    }
  }

  public static Amount of(long units) {
    return new Amount(BigInteger.valueOf(units));
  }

  /// Reads a decimal string of base units: digits only, no sign, no leading zero, at most uint128.
  ///
  /// @throws IllegalArgumentException when it is anything else
  public static Amount of(String decimal) {
    if (decimal.isEmpty() || decimal.length() > DIGITS) {
      throw new IllegalArgumentException("amount must have 1 to 39 digits");
    }
    for (int i = 0; i < decimal.length(); i++) {
      char digit = decimal.charAt(i);
      if (digit < '0' || digit > '9') {
        throw new IllegalArgumentException("amount must be a decimal string of base units");
      }
    }
    if (decimal.length() > 1 && decimal.charAt(0) == '0') {
      throw new IllegalArgumentException("amount must not start with 0");
    }
    var units = new BigInteger(decimal);
    if (units.bitLength() > BITS) throw new IllegalArgumentException("amount is above uint128");
    return new Amount(units);
  }

  public Amount plus(Amount other) {
    return new Amount(units.add(other.units));
  }

  /// @throws ArithmeticException when the other is larger: a broken invariant, not a refusal
  public Amount minus(Amount other) {
    return new Amount(units.subtract(other.units));
  }

  /// What is left after taking the other away, or nothing.
  public Amount minusOrZero(Amount other) {
    return exceeds(other) ? minus(other) : ZERO;
  }

  public Amount times(long factor) {
    return new Amount(units.multiply(BigInteger.valueOf(factor)));
  }

  public boolean exceeds(Amount other) {
    return compareTo(other) > 0;
  }

  public boolean isZero() {
    return units.signum() == 0;
  }

  public Amount min(Amount other) {
    return exceeds(other) ? other : this;
  }

  public Amount max(Amount other) {
    return exceeds(other) ? this : other;
  }

  @Override
  public int compareTo(Amount other) {
    return units.compareTo(other.units);
  }

  @Override
  public String toString() {
    return units.toString();
  }
}
