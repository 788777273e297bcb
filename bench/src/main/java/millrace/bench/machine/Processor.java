package millrace.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Processor time and memory of processes, as Linux counts them.
public final class Processor {
  private static final Path PROC = Path.of("/proc");

  /// Fixed by the kernel's interface to programs, whatever its own clock does.
  private static final long TICKS_PER_SECOND = 100;

  private Processor() {}

  /// What a process alone has used.
  public static double millis(long pid) {
    return ofTicks(times(pid).map(ProcessTimes::own).orElse(0L));
  }

  /// What a process and its children have used, those that ended included: a PostgreSQL server
  /// starts one for every connection.
  public static double millisWithChildren(long pid) {
    long ticks = times(pid).map(it -> it.own() + it.ofEndedChildren()).orElse(0L);
    var children = ProcessHandle.of(pid).map(ProcessHandle::children).stream();
    ticks +=
        children
            .flatMap(it -> it)
            .flatMap(child -> times(child.pid()).stream())
            .mapToLong(times -> times.own() + times.ofEndedChildren())
            .sum();
    return ofTicks(ticks);
  }

  /// Memory that is really there, in MiB.
  public static long residentMebibytes(long pid) {
    return read(PROC.resolve(pid + "/status")).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private static double ofTicks(long ticks) {
    return ticks * 1_000.0 / TICKS_PER_SECOND;
  }

  private static Optional<ProcessTimes> times(long pid) {
    return read(PROC.resolve(pid + "/stat")).map(ProcessTimes::parse);
  }

  /// Empty when the process has just ended.
  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException ended) {
      return Optional.empty();
    } catch (IOException e) {
      if (!Files.exists(file.getParent())) return Optional.empty();
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
