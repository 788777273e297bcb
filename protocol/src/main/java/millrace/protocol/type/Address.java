package millrace.protocol.type;

import java.util.Arrays;

/// An account or contract on an EVM chain. Written in lower case; read in either.
public final class Address {
  public static final Address ZERO = new Address(new byte[20]);

  private final byte[] bytes;

  private Address(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Address of(byte[] bytes) {
    if (bytes.length != 20) throw new IllegalArgumentException("an address has 20 bytes");
    return new Address(bytes.clone());
  }

  /// @throws IllegalArgumentException when the text is not `0x` and 40 hex digits
  public static Address of(String hex) {
    return new Address(Hex.decode(hex, 20, "address"));
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  public boolean isZero() {
    return equals(ZERO);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Address that && Arrays.equals(bytes, that.bytes);
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
