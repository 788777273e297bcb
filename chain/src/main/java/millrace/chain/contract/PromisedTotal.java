package millrace.chain.contract;

import java.math.BigInteger;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// What a payee may have out of the vault, in all.
public record PromisedTotal(Address payee, Amount cumulative) {
  private static final int AMOUNT_BITS = 96;

  /// The most that `credit` can say of one payee, in base units. What is promised above it is not
  /// credited by the hub; the merchant redeems it by signature. No token that we know has so many.
  public static final Amount MOST_CREDITED =
      new Amount(BigInteger.ONE.shiftLeft(AMOUNT_BITS).subtract(BigInteger.ONE));

  /// Whether `credit` would raise what the payee was credited so far.
  public boolean canBeCredited(Amount creditedSoFar) {
    return cumulative.min(MOST_CREDITED).exceeds(creditedSoFar);
  }

  /// As the vault's `credit` takes it: 20 bytes of payee, 12 of amount.
  Bytes32 word() {
    var units = cumulative.min(MOST_CREDITED).units();
    var word = new BigInteger(1, payee.toArray()).shiftLeft(AMOUNT_BITS).or(units);
    byte[] bytes = new byte[32];
    byte[] digits = word.toByteArray();
    int length = Math.min(digits.length, bytes.length);
    System.arraycopy(digits, digits.length - length, bytes, bytes.length - length, length);
    return Bytes32.of(bytes);
  }
}
