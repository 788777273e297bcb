package millrace.protocol.x402;

import com.google.errorprone.annotations.CheckReturnValue;

/// What became of text from outside. Reading never throws: what a stranger sends is no bug of ours.
@CheckReturnValue
public sealed interface Parsed<T> {
  record Ok<T>(T value) implements Parsed<T> {}

  /// @param error what the sender is told
  /// @param detail where it went wrong, for a log; holds nothing of what was sent
  record Malformed<T>(X402Error error, String detail) implements Parsed<T> {}
}
