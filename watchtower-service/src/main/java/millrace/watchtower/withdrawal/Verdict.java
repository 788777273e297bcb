package millrace.watchtower.withdrawal;

import millrace.protocol.type.Amount;

/// What the chain says of one withdrawal, beside the newest voucher.
sealed interface Verdict {
  /// Finally there is no withdrawal any more.
  record Gone() implements Verdict {}

  /// The withdrawal leaves enough for what is owed: a claim would only cost gas.
  record Untouchable() implements Verdict {}

  /// What is owed is claimed, finally.
  record Safe() implements Verdict {}

  /// The newest blocks look good, but they may go away.
  record Settling() implements Verdict {}

  /// The payer could take what is owed.
  ///
  /// @param totalClaimed what must stand in the contract as claimed
  record Exposed(Amount totalClaimed) implements Verdict {}
}
