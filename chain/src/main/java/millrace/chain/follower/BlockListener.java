package millrace.chain.follower;

import java.util.List;
import millrace.chain.rpc.ContractLog;

/// Learns of blocks in order. Each call runs inside the database transaction that moves the
/// cursor, so what a listener writes there happens exactly once; it must not use the network.
public interface BlockListener {
  /// The chain grew. The block may still be removed.
  void onHead(FollowedBlock block, List<ContractLog> logs);

  /// All blocks from this number on are no longer part of the chain. What replaces them follows
  /// by [#onHead]. Blocks reported as final are among them only if the reorganisation was deeper
  /// than the confirmations asked for; then [#onFinal] is called for their successors.
  void onReorg(long firstRemovedBlock);

  /// The block has its confirmations.
  void onFinal(FollowedBlock block, List<ContractLog> logs);
}
