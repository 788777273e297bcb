package millrace.gateway.checkout;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.function.Function;

/// What became of one step: a value, or the reason why there is none.
@CheckReturnValue
public sealed interface Attempt<T> {
  default <R> Attempt<R> map(Function<T, R> form) {
    return switch (this) {
      case Done<T>(var value) -> new Done<>(form.apply(value));
      case Denied<T>(var denial) -> new Denied<>(denial);
    };
  }

  record Done<T>(T value) implements Attempt<T> {}

  record Denied<T>(Denial denial) implements Attempt<T> {}
}
