package millrace.bench;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.time.Duration;

/// Lines of progress, with the time since the start.
public final class Progress {
  private static final long START = System.nanoTime();

  private Progress() {}

  @FormatMethod
  public static void say(@FormatString String format, Object... values) {
    var seconds = Duration.ofNanos(System.nanoTime() - START).toMillis() / 1e3;
    System.out.printf("%6.1f s  %s%n", seconds, format.formatted(values));
    System.out.flush();
  }
}
