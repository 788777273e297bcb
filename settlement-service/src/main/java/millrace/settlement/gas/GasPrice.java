package millrace.settlement.gas;

import java.math.BigInteger;

/// What a unit of gas costs now and what it usually costs, in wei. Rules use only the ratio of the
/// two: it needs nobody who tells what a token is worth in ether.
public record GasPrice(BigInteger now, BigInteger usual) {
  /// As if gas cost what it always costs.
  public static final GasPrice UNKNOWN = new GasPrice(BigInteger.ONE, BigInteger.ONE);

  private static final BigInteger TWO = BigInteger.TWO;

  public GasPrice {
    if (now.signum() < 0 || usual.signum() <= 0) {
      throw new IllegalArgumentException("no price: %s, usually %s".formatted(now, usual));
    }
  }

  /// The value times the ratio, rounded up. The ratio counts as one half at least, and at most as
  /// `most`.
  public BigInteger times(BigInteger value, int most) {
    var doubled = now.multiply(TWO).max(usual).min(usual.multiply(TWO).multiply(whole(most)));
    var divisor = usual.multiply(TWO);
    return value.multiply(doubled).add(divisor).subtract(BigInteger.ONE).divide(divisor);
  }

  public double ratio() {
    return now.doubleValue() / usual.doubleValue();
  }

  private static BigInteger whole(int most) {
    return BigInteger.valueOf(most);
  }
}
