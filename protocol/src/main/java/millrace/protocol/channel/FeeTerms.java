package millrace.protocol.channel;

import java.math.BigInteger;
import millrace.protocol.type.Amount;

/// What the hub keeps of a merchant's payments: so much of each, and a share of it.
///
/// @param basisPoints hundredths of a percent of the amount
public record FeeTerms(Amount flat, int basisPoints) {
  public static final int WHOLE = 10_000;
  public static final FeeTerms NONE = new FeeTerms(Amount.ZERO, 0);

  public FeeTerms {
    if (basisPoints < 0 || basisPoints > WHOLE) {
      throw new IllegalArgumentException("basis points are from 0 to " + WHOLE);
    }
  }

  /// The share is rounded down, and the merchant never pays more than it is paid.
  public Amount of(Amount amount) {
    var share =
        amount.units().multiply(BigInteger.valueOf(basisPoints)).divide(BigInteger.valueOf(WHOLE));
    return new Amount(share.add(flat.units()).min(amount.units()));
  }
}
