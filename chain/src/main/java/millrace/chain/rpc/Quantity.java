package millrace.chain.rpc;

import java.math.BigInteger;

/// Numbers as JSON-RPC writes them: `0x`, no leading zeros.
final class Quantity {
  private Quantity() {}

  static String encode(long value) {
    return "0x" + Long.toHexString(value);
  }

  static String encode(BigInteger value) {
    return "0x" + value.toString(16);
  }

  static BigInteger decode(String text) {
    if (!text.startsWith("0x") || text.length() < 3) {
      throw new IllegalArgumentException("not a quantity: " + text);
    }
    return new BigInteger(text.substring(2), 16);
  }

  static long decodeLong(String text) {
    return decode(text).longValueExact();
  }
}
