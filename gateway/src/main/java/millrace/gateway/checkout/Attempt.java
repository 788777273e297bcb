package millrace.gateway.checkout;

import com.google.errorprone.annotations.CheckReturnValue;

/// What became of one step: a value, or the reason why there is none.
@CheckReturnValue
public sealed interface Attempt<T> {
  record Done<T>(T value) implements Attempt<T> {}

  record Denied<T>(Denial denial) implements Attempt<T> {}
}
