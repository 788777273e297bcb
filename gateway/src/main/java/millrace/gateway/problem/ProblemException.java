package millrace.gateway.problem;

/// Ends the handling of a request at its edge. It is an answer, not a fault, so it has no trace.
public class ProblemException extends RuntimeException {
  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
