package millrace.chain.follower;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Bytes32;

/// Where a follower is.
///
/// @param head the last block followed
/// @param finalBlock the last one reported as final
/// @param nodeHead the newest block the node told of
/// @param headTimestamp the time the head's miner gave it
/// @param verifiedAt when the head was last found to be the node's newest block
/// @param stopped why it follows no more, if so
public record FollowerStatus(
    long head,
    Bytes32 headHash,
    long finalBlock,
    long nodeHead,
    Instant headTimestamp,
    Instant verifiedAt,
    Optional<String> stopped) {
  public long lag() {
    return Math.max(0, nodeHead - head);
  }
}
