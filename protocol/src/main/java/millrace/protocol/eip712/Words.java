package millrace.protocol.eip712;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// Lays static values out as `abi.encode` does, one 32-byte word after the other, and hashes them.
public final class Words {
  private final byte[] words;
  private int next;

  private Words(int count) {
    words = new byte[32 * count];
  }

  /// Starts with the hash of a type string, as every EIP-712 struct does.
  public static Words struct(byte[] typeHash, int fields) {
    return new Words(fields + 1).raw(typeHash);
  }

  /// Starts without a type hash: plain `abi.encode` of static values.
  public static Words plain(int fields) {
    return new Words(fields);
  }

  public static byte[] typeHash(String type) {
    return Keccak.hash(type.getBytes(US_ASCII));
  }

  public Words put(Address address) {
    return rightAligned(address.toArray());
  }

  public Words put(Amount amount) {
    return put(amount.units());
  }

  public Words put(Bytes32 value) {
    return raw(value.toArray());
  }

  public Words put(long unsigned) {
    return put(BigInteger.valueOf(unsigned));
  }

  /// @throws ArithmeticException when it is not a uint256
  public Words put(BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > 256) {
      throw new ArithmeticException("not a uint256: " + value);
    }
    byte[] bytes = value.toByteArray();
    int skip = bytes.length > 32 ? 1 : 0;
    System.arraycopy(bytes, skip, words, next + 32 - bytes.length + skip, bytes.length - skip);
    next += 32;
    return this;
  }

  public Words raw(byte[] word) {
    System.arraycopy(word, 0, words, next, 32);
    next += 32;
    return this;
  }

  public byte[] hash() {
    if (next != words.length) throw new IllegalStateException("a field is missing");
    return Keccak.hash(words);
  }

  private Words rightAligned(byte[] value) {
    System.arraycopy(value, 0, words, next + 32 - value.length, value.length);
    next += 32;
    return this;
  }
}
