package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a run that was killed has left running. Only the files in its directory say where that is,
/// so whoever begins anew there ends it first: without them it would run for ever.
public final class Leftovers {
  private static final int MOST_LEVELS = 6;

  private Leftovers() {}

  /// Ends the development chains and PostgreSQL servers that still run in a directory, and removes
  /// it with everything in it.
  ///
  /// @throws IllegalStateException when they are not left over but somebody's
  public static void delete(Path directory) {
    if (!Files.exists(directory)) return;
    for (var file : named(directory, Anvil.PID_FILE)) {
      var chain = file.resolve("..").normalize();
      try (var _ = DirectoryLock.take(chain)) {
        Anvil.endLeftover(chain);
      }
    }
    for (var file : named(directory, Postmaster.PID_FILE)) {
      var data = file.resolve("..").normalize();
      try (var _ = DirectoryLock.take(data.resolve("..").normalize())) {
        Postmaster.clearLeftovers(data);
      }
    }
    Directories.delete(directory);
  }

  private static List<Path> named(Path directory, String name) {
    try (var found =
        Files.find(
            directory, MOST_LEVELS, (path, _) -> path.getFileName().toString().equals(name))) {
      return found.toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory, e);
    }
  }
}
