package millrace.chain.follower;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import millrace.protocol.type.Address;

/// @param contracts whose logs are of interest
/// @param confirmations how many blocks, itself included, make a block final; 1: at once
/// @param maxReorgDepth a deeper reorganisation stops the follower
/// @param startBlock the first block to follow when nothing was followed before
/// @param resumeFrom after a stop: the last block that is to be kept
public record FollowerSettings(
    List<Address> contracts,
    int confirmations,
    int maxReorgDepth,
    long startBlock,
    Optional<Long> resumeFrom,
    Duration pollInterval) {
  public FollowerSettings {
    contracts = List.copyOf(contracts);
    if (confirmations < 1) throw new IllegalArgumentException("confirmations must be at least 1");
    if (maxReorgDepth < confirmations) {
      throw new IllegalArgumentException("maxReorgDepth must not be below confirmations");
    }
    if (startBlock < 0) throw new IllegalArgumentException("startBlock must not be negative");
    if (!pollInterval.isPositive()) {
      throw new IllegalArgumentException("pollInterval must be positive");
    }
  }
}
