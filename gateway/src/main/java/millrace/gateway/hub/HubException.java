package millrace.gateway.hub;

import java.time.Duration;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemException;

/// channel-service gave no answer.
public final class HubException extends ProblemException {
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final boolean outcomeKnown;

  private HubException(Problem problem, boolean outcomeKnown) {
    super(problem);
    this.outcomeKnown = outcomeKnown;
  }

  /// The command never left, so it did nothing.
  public static HubException notSent() {
    return new HubException(
        Problem.of(
                ProblemCode.UNAVAILABLE,
                "Payments are not taken just now; this request changed nothing.")
            .retryAfter(RETRY),
        true);
  }

  /// Nothing was to take effect, so nothing is in doubt.
  public static HubException notRead() {
    return new HubException(
        Problem.of(ProblemCode.UNAVAILABLE, "This cannot be read just now; ask again.")
            .retryAfter(RETRY),
        true);
  }

  /// The command left and may or may not have taken effect. Asking again in the same way tells.
  public static HubException inDoubt() {
    return new HubException(
        Problem.of(
                ProblemCode.OUTCOME_UNKNOWN,
                "Whether this took effect is not known yet; send the same request again.")
            .retryAfter(RETRY),
        false);
  }

  public boolean outcomeKnown() {
    return outcomeKnown;
  }
}
