package millrace.messaging.command;

/// What became of a [PayoutCommand] or a [PayoutCancelCommand].
public sealed interface PayoutOutcome {
  /// @param replayed whether an earlier, equal command did it
  record Taken(PayoutView payout, boolean replayed) implements PayoutOutcome {}

  record Refused(RefusalReason reason) implements PayoutOutcome {}
}
