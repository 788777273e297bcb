package millrace.chain.contract;

import java.math.BigInteger;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// What a payee may have out of the vault, in all.
public record PromisedTotal(Address payee, Amount cumulative) {
  private static final int AMOUNT_BITS = 96;

  /// As the vault's `credit` takes it: 20 bytes of payee, 12 of amount. No token that we know has
  /// as many units; what were promised above could still be redeemed by signature.
  Bytes32 word() {
    var units = cumulative.units();
    if (units.bitLength() > AMOUNT_BITS) {
      throw new ArithmeticException(
          "more than 96 bits are promised to %s: %s".formatted(payee, units));
    }
    var word = new BigInteger(1, payee.toArray()).shiftLeft(AMOUNT_BITS).or(units);
    byte[] bytes = new byte[32];
    byte[] digits = word.toByteArray();
    int length = Math.min(digits.length, bytes.length);
    System.arraycopy(digits, digits.length - length, bytes, bytes.length - length, length);
    return Bytes32.of(bytes);
  }
}
