package millrace.chain.rpc;

import java.util.Map;
import millrace.protocol.type.Bytes32;

/// At which block a node is to answer. Only a hash means the same thing before and after a
/// reorganisation.
public final class BlockRef {
  public static final BlockRef LATEST = new BlockRef("latest");
  public static final BlockRef PENDING = new BlockRef("pending");

  private final Object parameter;

  private BlockRef(Object parameter) {
    this.parameter = parameter;
  }

  public static BlockRef at(Bytes32 hash) {
    return new BlockRef(Map.of("blockHash", hash.toString()));
  }

  public static BlockRef at(long number) {
    return new BlockRef(Quantity.encode(number));
  }

  /// What JSON-RPC takes: a tag, a number, or an object (EIP-1898).
  Object parameter() {
    return parameter;
  }

  @Override
  public String toString() {
    return parameter.toString();
  }
}
