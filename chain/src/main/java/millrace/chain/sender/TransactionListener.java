package millrace.chain.sender;

import millrace.chain.rpc.Bytes;

/// Learns what became of a sender's transactions. Each purpose ends with exactly one of these
/// calls, inside the database transaction that records the end; they must not use the network.
public interface TransactionListener {
  /// It is in a block with its confirmations. Without success it was reverted there, and cost gas.
  void onFinal(FinalTransaction transaction);

  /// It would have been reverted, so it was not sent and cost nothing. The same may be asked for
  /// again under another purpose.
  ///
  /// @param revertData what the contract said, selector first
  void onRefused(Purpose purpose, String reason, Bytes revertData);
}
