package millrace.messaging.command;

/// What became of a [HoldEndCommand].
public sealed interface HoldEndOutcome {
  record Ended(PaymentView payment, boolean replayed) implements HoldEndOutcome {}

  record Refused(RefusalReason reason) implements HoldEndOutcome {}
}
