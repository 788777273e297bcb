package millrace.messaging.command;

/// What became of a [GiveBackCommand].
public sealed interface GiveBackOutcome {
  record Taken(GiveBackView refund, boolean replayed) implements GiveBackOutcome {}

  record Refused(RefusalReason reason) implements GiveBackOutcome {}
}
