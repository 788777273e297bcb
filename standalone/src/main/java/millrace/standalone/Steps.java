package millrace.standalone;

import java.time.Duration;
import java.util.function.Consumer;

/// Tells on the console what has started, and when.
final class Steps {
  private Steps() {}

  static Consumer<String> since(long startNanos) {
    return step ->
        System.out.printf(
            "  %5.1f s  %s%n",
            Duration.ofNanos(System.nanoTime() - startNanos).toMillis() / 1e3, step);
  }
}
