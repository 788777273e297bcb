package millrace.settlement.chain;

import millrace.chain.rpc.Bytes;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Purpose;

/// The feature that asked for transactions of one kind, and learns what became of them. Both calls
/// run inside the transaction that ends the purpose, and without network.
public interface OutcomeHandler {
  /// What stands before the slash of its purposes.
  String kind();

  void onFinal(FinalTransaction transaction);

  void onRefused(Purpose purpose, String reason, Bytes revertData);
}
