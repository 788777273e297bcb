package millrace.protocol.type;

import java.math.BigInteger;
import java.util.Arrays;

/// An ECDSA signature in Ethereum's 65 bytes `r ‖ s ‖ v`, `s` in the lower half of the curve order
/// and `v` 27 or 28: the only form the contract accepts, so the only one that can be built.
public final class Signature {
  private static final int LENGTH = 65;
  private static final BigInteger HALF_ORDER =
      new BigInteger("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", 16);

  private final byte[] bytes;

  private Signature(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @throws IllegalArgumentException when it has another length, a high `s`, or another `v`
  public static Signature of(byte[] bytes) {
    if (bytes.length != LENGTH) throw new IllegalArgumentException("a signature has 65 bytes");
    if (new BigInteger(1, bytes, 32, 32).compareTo(HALF_ORDER) > 0) {
      throw new IllegalArgumentException("the signature's s is in the upper half of the order");
    }
    if (bytes[64] != 27 && bytes[64] != 28) {
      throw new IllegalArgumentException("the signature's v is neither 27 nor 28");
    }
    return new Signature(bytes.clone());
  }

  /// @throws IllegalArgumentException as [#of(byte[])], or when the text is not hex
  public static Signature of(String hex) {
    return of(Hex.decode(hex, LENGTH, "signature"));
  }

  /// `r ‖ s`, as libsecp256k1 takes it.
  public byte[] compact() {
    return Arrays.copyOf(bytes, 64);
  }

  public int recoveryId() {
    return bytes[64] - 27;
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return Hex.encode(bytes);
  }
}
