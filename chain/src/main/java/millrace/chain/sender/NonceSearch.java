package millrace.chain.sender;

import java.util.Optional;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcFault;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the transaction that used a nonce. That a receipt of ours is missing proves nothing, since
/// nodes lag and lose things; a transaction of somebody else in its place does.
final class NonceSearch {
  private static final Logger LOG = LoggerFactory.getLogger(NonceSearch.class);

  private final Rpc rpc;
  private final Address account;

  NonceSearch(Rpc rpc, Address account) {
    this.rpc = rpc;
    this.account = account;
  }

  /// @param lastBlock where the nonce is known to be used
  /// @return nothing when the node cannot look back far enough
  Optional<Bytes32> find(long nonce, long lastBlock) {
    try {
      return rpc.transactionIn(firstBlockAfter(nonce, lastBlock), account, nonce);
    } catch (RpcFault e) {
      LOG.debug("cannot look back", e);
      return Optional.empty();
    }
  }

  /// The first block at whose end the account's count is above the nonce. It goes back in growing
  /// steps, because nodes keep the states of the newest blocks only.
  private long firstBlockAfter(long nonce, long lastBlock) {
    long used = lastBlock;
    long unused = lastBlock - 1;
    for (long step = 1; unused >= 0 && isUsed(nonce, unused); step *= 2) {
      used = unused;
      unused -= step;
    }
    unused = Math.max(unused, -1);
    while (used - unused > 1) {
      long middle = (used + unused) / 2;
      if (isUsed(nonce, middle)) used = middle;
      else unused = middle;
    }
    return used;
  }

  private boolean isUsed(long nonce, long block) {
    return rpc.transactionCount(account, BlockRef.at(block)) > nonce;
  }
}
