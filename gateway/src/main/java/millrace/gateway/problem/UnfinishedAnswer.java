package millrace.gateway.problem;

/// An answer that has begun cannot go on. The connection is cut, so that nobody takes the part for
/// the whole.
public final class UnfinishedAnswer extends RuntimeException {
  public UnfinishedAnswer(Throwable cause) {
    super(cause);
  }
}
