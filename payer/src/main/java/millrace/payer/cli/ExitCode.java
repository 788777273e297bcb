package millrace.payer.cli;

/// What a script is told. Stable: scripts branch on it.
enum ExitCode {
  OK(0),
  /// The server answered, but not with success.
  HTTP_ERROR(1),
  USAGE(2),
  /// A limit or a doubt of this side's.
  DECLINED(3),
  /// The server refused the payment.
  REFUSED(4),
  /// No answer, or one that does not say what became of the payment.
  UNKNOWN(5),
  /// The chain did not answer, or the contract refused.
  CHAIN(6);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }
}
