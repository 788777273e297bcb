package millrace.protocol.type;

import java.math.BigInteger;
import java.time.Instant;

/// The 26 characters behind a prefix in our ids: 48 bits of milliseconds, 80 of randomness, in
/// Crockford's base 32, lower case. Ids made later sort later.
public final class Ulid {
  public static final int RANDOM_BYTES = 10;

  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 26;

  private Ulid() {}

  public static String of(Instant time, byte[] random) {
    if (random.length != RANDOM_BYTES) throw new IllegalArgumentException("needs 10 random bytes");
    var value =
        BigInteger.valueOf(time.toEpochMilli())
            .shiftLeft(8 * RANDOM_BYTES)
            .or(new BigInteger(1, random));
    var text = new char[LENGTH];
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = ALPHABET.charAt(value.intValue() & 31);
      value = value.shiftRight(5);
    }
    return new String(text);
  }
}
