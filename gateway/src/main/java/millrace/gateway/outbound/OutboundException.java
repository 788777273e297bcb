package millrace.gateway.outbound;

/// A call to a stranger's address that came to nothing.
public final class OutboundException extends Exception {
  /// Why there is no answer.
  public enum Kind {
    /// The address may not be called.
    BLOCKED,
    UNREACHABLE,
    TIMEOUT,
    /// The answer is larger than we take.
    TOO_LARGE
  }

  private final Kind kind;

  OutboundException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  OutboundException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
