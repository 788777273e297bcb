package millrace.testkit;

import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The seeds of randomised tests: `@MethodSource("millrace.testkit.Seeds#stream")`. A handful in
/// the normal run, many with `-Dlong`. `-Dmillrace.seed=N` repeats a run that failed.
public final class Seeds {
  private static final long FEW = 8;
  private static final long MANY = 2_000;

  private Seeds() {}

  public static LongStream stream() {
    return of(System.getProperty("millrace.seed"), Boolean.getBoolean("millrace.long"));
  }

  static LongStream of(@Nullable String only, boolean many) {
    if (only != null) return LongStream.of(Long.parseLong(only));
    return LongStream.rangeClosed(1, many ? MANY : FEW);
  }

  /// How much to do of something that is not seeded: rounds, threads, kills.
  public static int rounds(int normally, int withLong) {
    return Boolean.getBoolean("millrace.long") ? withLong : normally;
  }
}
