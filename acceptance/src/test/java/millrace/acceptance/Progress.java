package millrace.acceptance;

import com.google.errorprone.annotations.FormatMethod;
import java.time.Duration;

/// What a run tells whoever waits for it.
final class Progress {
  private static final long BEGIN = System.nanoTime();

  private Progress() {}

  @FormatMethod
  static void say(String format, Object... values) {
    var elapsed = Duration.ofNanos(System.nanoTime() - BEGIN);
    System.out.printf(
        "[acceptance %3d.%ds] %s%n",
        elapsed.toSeconds(), elapsed.toMillisPart() / 100, format.formatted(values));
  }
}
