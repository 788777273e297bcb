package millrace.cli;

/// What a script is told. Stable: scripts branch on it.
enum ExitCode {
  OK(0),
  /// It was done, and somebody else did not take it; or it was looked at, and is not as it should
  /// be.
  NOT_TAKEN(1),
  USAGE(2),
  REFUSED(4),
  /// No answer, or one that does not say what became of the request.
  UNKNOWN(5);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }
}
