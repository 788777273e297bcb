package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The server process on a data directory. It outlives a JVM that is killed, so it has to be found
/// again through the file in which it keeps its process id.
record Postmaster(ChildProcess process) {
  static final String PID_FILE = "postmaster.pid";

  static Postmaster start(PostgresBinaries binaries, List<String> settings, Path log) {
    return new Postmaster(ChildProcess.start(binaries.command("postgres", settings), log));
  }

  /// After a kill of the JVM the server may still run, and after a kill of both the file remains. A
  /// server refuses to start while a process of that number lives, whatever it is.
  static void clearLeftovers(Path data) {
    leftover(data).ifPresent(Postmaster::stopFast);
    try {
      Files.deleteIfExists(data.resolve(PID_FILE));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the stale pid file in " + data, e);
    }
  }

  /// Rolls back what is open, disconnects everybody and writes a checkpoint.
  void stopFast() {
    process.signal("INT");
    if (!process.ends()) stopImmediately();
  }

  /// Ends it without a checkpoint, as a power cut would; the next start replays the log.
  void stopImmediately() {
    process.signal("QUIT");
    if (!process.ends()) {
      throw new IllegalStateException(
          "PostgreSQL, process %d, does not end; stop it by hand"
              .formatted(process.handle().pid()));
    }
  }

  private static Optional<Postmaster> leftover(Path data) {
    return pid(data)
        .flatMap(ProcessHandle::of)
        .filter(process -> serves(process, data))
        .map(ChildProcess::new)
        .map(Postmaster::new);
  }

  private static Optional<Long> pid(Path data) {
    var file = data.resolve(PID_FILE);
    if (!Files.exists(file)) return Optional.empty();
    try (var lines = Files.lines(file)) {
      return lines.findFirst().map(String::strip).filter(s -> !s.isEmpty()).map(Long::valueOf);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static boolean serves(ProcessHandle process, Path data) {
    var arguments = process.info().arguments().map(Arrays::asList);
    return process.info().command().filter(c -> c.endsWith("postgres")).isPresent()
        && arguments.filter(a -> a.contains(data.toString())).isPresent();
  }
}
