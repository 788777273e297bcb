package millrace.chain.rpc;

import java.math.BigInteger;
import java.time.Instant;
import millrace.protocol.type.Bytes32;

/// @param baseFeeWei zero on a chain without EIP-1559
public record BlockHeader(
    long number, Bytes32 hash, Bytes32 parent, Instant timestamp, BigInteger baseFeeWei) {
  public BlockId id() {
    return new BlockId(number, hash);
  }
}
