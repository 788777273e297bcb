package millrace.chain.rpc;

import java.math.BigInteger;
import java.time.Instant;
import millrace.protocol.type.Bytes32;

/// @param baseFeeWei zero on a chain without EIP-1559
/// @param gasLimit how much all its transactions may use; zero where the node does not tell
/// @param bloom which contracts may have emitted logs in it
public record BlockHeader(
    long number,
    Bytes32 hash,
    Bytes32 parent,
    Instant timestamp,
    BigInteger baseFeeWei,
    long gasLimit,
    Bloom bloom) {
  public BlockId id() {
    return new BlockId(number, hash);
  }
}
