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
  /// @param atRisk how much of that would be missing
  record Exposed(Amount totalClaimed, Amount atRisk) implements Verdict {}

  /// Which of two is the worse news.
  default int severity() {
    return switch (this) {
      case Gone _ -> 0;
      case Safe _ -> 1;
      case Untouchable _ -> 2;
      case Settling _ -> 3;
      case Exposed _ -> 4;
    };
  }
}
