package millrace.chain.sender;

import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.CallResult;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcFault;
import millrace.chain.rpc.RpcUnavailable;
import millrace.protocol.type.Address;

/// How a transaction would end now, found out without sending it.
sealed interface Rehearsal {
  record Good(long gasLimit) implements Rehearsal {}

  /// @param data what the contract said, selector first
  record Bad(String reason, Bytes data) implements Rehearsal {}

  /// The node could not say; another time it may.
  record Unclear(String reason) implements Rehearsal {}

  /// A node that says no may be wrong or lie. Where a deadline would be missed for it, it is asked
  /// for in vain only if all nodes say so.
  static Rehearsal of(TransactionRequest request, Address sender, Rpc rpc) {
    var first = by(rpc, request, sender);
    if (request.urgency().isEmpty() || first instanceof Good) return first;
    return rpc.each().stream()
        .map(node -> byOne(node, request, sender))
        .filter(Good.class::isInstance)
        .findFirst()
        .orElse(first);
  }

  private static Rehearsal byOne(Rpc node, TransactionRequest request, Address sender) {
    try {
      return by(node, request, sender);
    } catch (RpcUnavailable e) {
      return new Unclear(String.valueOf(e.getMessage()));
    }
  }

  private static Rehearsal by(Rpc rpc, TransactionRequest request, Address sender) {
    var call = Call.from(sender, request.to(), request.data());
    try {
      if (rpc.call(call, BlockRef.LATEST) instanceof CallResult.Reverted(var message, var data)) {
        return new Bad(message, data);
      }
      return switch (request.gas()) {
        case Gas.Fixed(var limit) -> new Good(limit);
        case Gas.Estimated(var atMost) -> estimate(call, atMost, rpc);
      };
    } catch (RpcFault fault) {
      var reason = String.valueOf(fault.getMessage());
      return Rpc.isRevert(fault) ? new Bad(reason, fault.data()) : new Unclear(reason);
    }
  }

  private static Rehearsal estimate(Call call, long atMost, Rpc rpc) {
    long estimate = rpc.estimateGas(call);
    if (estimate > atMost) {
      return new Bad(
          "it would take %d gas, %d are allowed".formatted(estimate, atMost), Bytes.EMPTY);
    }
    return new Good(Math.min(estimate + estimate / 4, atMost));
  }
}
