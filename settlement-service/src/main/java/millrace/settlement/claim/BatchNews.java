package millrace.settlement.claim;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import millrace.chain.contract.ContractEvent.Claimed;
import millrace.chain.contract.ContractEvent.RowSkipped;
import millrace.chain.contract.ContractEvents;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Receipt;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// What the logs of a claim say of its rows, in either form. Only what a log says was recorded: the
/// compact form has no word for a row that it passes over, and less than was asked for may have
/// been recorded, when the channel held less.
final class BatchNews {
  private final Map<ChannelId, Amount> recorded = new HashMap<>();
  private final Map<ChannelId, Bytes> skipped = new HashMap<>();

  BatchNews(ContractEvents events, Receipt receipt) {
    for (var log : receipt.logs()) {
      for (var event : events.decode(log)) {
        if (event instanceof Claimed(var id, _, var total)) recorded.put(id, total);
        if (event instanceof RowSkipped(var id, var reason)) skipped.put(id, reason);
      }
    }
  }

  Optional<Amount> recorded(ChannelId id) {
    return Optional.ofNullable(recorded.get(id));
  }

  /// For the operator: the vault's reason where it gave one.
  String whyNot(ChannelId id) {
    var reason = skipped.get(id);
    return reason == null ? "not recorded" : reason.toString();
  }
}
