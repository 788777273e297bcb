package millrace.protocol.type;

import java.util.Arrays;

/// Thirty-two bytes as the EVM handles them: a hash, a salt, a transaction id.
public final class Bytes32 {
  public static final Bytes32 ZERO = new Bytes32(new byte[32]);

  private final byte[] bytes;

  private Bytes32(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Bytes32 of(byte[] bytes) {
    if (bytes.length != 32) throw new IllegalArgumentException("must have 32 bytes");
    return new Bytes32(bytes.clone());
  }

  /// @throws IllegalArgumentException when the text is not `0x` and 64 hex digits
  public static Bytes32 of(String hex) {
    return new Bytes32(Hex.decode(hex, 32, "value"));
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes32 that && Arrays.equals(bytes, that.bytes);
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
