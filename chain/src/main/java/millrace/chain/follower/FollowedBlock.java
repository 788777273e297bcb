package millrace.chain.follower;

import java.time.Instant;
import millrace.chain.rpc.BlockId;
import millrace.protocol.type.Bytes32;

/// A block whose parent is the block before it, as far back as the follower began.
public record FollowedBlock(long number, Bytes32 hash, Bytes32 parent, Instant timestamp) {
  public BlockId id() {
    return new BlockId(number, hash);
  }
}
