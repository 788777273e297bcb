package millrace.gateway.hub;

import millrace.gateway.problem.ProblemException;
import millrace.messaging.command.PaymentOutcome;

/// What is known of a command that was sent together with others.
public sealed interface Reply {
  record Answered(PaymentOutcome outcome) implements Reply {}

  /// @param why a [HubException] when there was no answer at all; it says whether the command can
  ///     have taken effect
  record Unanswered(ProblemException why) implements Reply {}
}
