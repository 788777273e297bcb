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
/// @param disputed whether the nodes disagree about the next block
/// @param blocksPerSecond how fast it catches up; 0 when it need not
/// @param stopped why it follows no more, if so
public record FollowerStatus(
    long head,
    Bytes32 headHash,
    long finalBlock,
    long nodeHead,
    Instant headTimestamp,
    Instant verifiedAt,
    boolean disputed,
    double blocksPerSecond,
    Optional<String> stopped) {
  static final FollowerStatus UNKNOWN =
      new FollowerStatus(
          0, Bytes32.ZERO, 0, 0, Instant.EPOCH, Instant.EPOCH, false, 0, Optional.empty());

  public long lag() {
    return Math.max(0, nodeHead - head);
  }

  FollowerStatus stopped(String reason) {
    return new FollowerStatus(
        head,
        headHash,
        finalBlock,
        nodeHead,
        headTimestamp,
        verifiedAt,
        disputed,
        0,
        Optional.of(reason));
  }

  FollowerStatus inDispute() {
    return new FollowerStatus(
        head, headHash, finalBlock, nodeHead, headTimestamp, verifiedAt, true, 0, stopped);
  }
}
