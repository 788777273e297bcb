package millrace.messaging.command;

/// What became of a [PayoutCommand].
public sealed interface PayoutOutcome {
  record Taken(PayoutView payout, boolean replayed) implements PayoutOutcome {}

  record Refused(RefusalReason reason) implements PayoutOutcome {}
}
