package millrace.bench.tower;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import millrace.chain.contract.ContractEvent.Claimed;
import millrace.chain.contract.ContractEvent.WithdrawInitiated;
import millrace.chain.contract.ContractEvents;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevDeployment;
import millrace.protocol.type.ChannelId;

/// Who left and whose debt was claimed, by the contract's logs.
final class ExitBlocks {
  private final Rpc rpc;
  private final DevDeployment deployed;
  private final ContractEvents events;
  private final Map<ChannelId, Long> initiated = new HashMap<>();
  private final Set<ChannelId> claimed = new HashSet<>();
  private long next;
  private long exits;
  private long longestSeconds;

  ExitBlocks(Rpc rpc, DevDeployment deployed, long first) {
    this.rpc = rpc;
    this.deployed = deployed;
    this.events = new ContractEvents(deployed.channels(), deployed.vault(), deployed.token());
    this.next = first;
  }

  void readTo(long last) {
    if (last < next) return;
    for (var block : rpc.blocks(next, last)) {
      read(block);
      next = block.number() + 1;
    }
  }

  private void read(BlockHeader block) {
    long seconds = block.timestamp().getEpochSecond();
    int before = initiated.size();
    for (var log : rpc.logs(List.of(block), List.of(deployed.channels())).getFirst()) {
      for (var event : events.decode(log)) {
        if (event instanceof WithdrawInitiated(var channel, _, _)) {
          initiated.put(channel, seconds);
        } else if (event instanceof Claimed(var channel, _, _) && claimed.add(channel)) {
          long waited = seconds - initiated.getOrDefault(channel, seconds);
          longestSeconds = Math.max(longestSeconds, waited);
        }
      }
    }
    if (initiated.size() > before) exits++;
  }

  int claimed() {
    return claimed.size();
  }

  /// How many blocks had withdrawals in them.
  long exits() {
    return exits;
  }

  /// The longest that anybody waited for the claim, by the time of blocks.
  long longestSeconds() {
    return longestSeconds;
  }
}
