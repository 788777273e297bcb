package millrace.chain.contract;

import java.math.BigInteger;
import java.util.Arrays;
import millrace.chain.rpc.Bytes;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// Static values of an ABI encoding, read back word by word.
final class AbiWords {
  private static final int WORD = 32;

  private final byte[] data;

  AbiWords(Bytes data) {
    this.data = data.toArray();
  }

  Bytes32 bytes32(int index) {
    int from = index * WORD;
    if (from + WORD > data.length) {
      throw new IllegalArgumentException("the contract's answer has no word " + index);
    }
    return Bytes32.of(Arrays.copyOfRange(data, from, from + WORD));
  }

  BigInteger number(int index) {
    return new BigInteger(1, bytes32(index).toArray());
  }

  long seconds(int index) {
    return number(index).longValueExact();
  }

  Amount amount(int index) {
    return new Amount(number(index));
  }

  Address address(int index) {
    return address(bytes32(index));
  }

  boolean flag(int index) {
    return number(index).signum() != 0;
  }

  /// The `bytes` whose offset stands in that word.
  Bytes bytes(int index) {
    int offset = number(index).intValueExact();
    int length = new BigInteger(1, Arrays.copyOfRange(data, offset, offset + WORD)).intValueExact();
    int from = offset + WORD;
    if (length > data.length - from) throw new IllegalArgumentException("bytes beyond the end");
    return Bytes.of(Arrays.copyOfRange(data, from, from + length));
  }

  static Address address(Bytes32 word) {
    return Address.of(Arrays.copyOfRange(word.toArray(), 12, WORD));
  }
}
