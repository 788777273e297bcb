package millrace.settlement.deposit;

/// How far an authorised deposit is.
enum DepositState {
  NEW,
  /// Our transaction is on its way, or somebody else's was first.
  RELAYING,
  /// Ours would have been reverted and was not sent.
  REFUSED,
  /// Ours was reverted on chain.
  REVERTED,
  CONFIRMED,
  FAILED
}
