package millrace.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Where a hub of one process keeps everything: `./.millrace`, or what `MILLRACE_HOME` says.
final class DataFolder {
  private DataFolder() {}

  static Path up() {
    return home().resolve("hub");
  }

  static Path demo() {
    return home().resolve("demo");
  }

  static Path log() {
    return home().resolve("*/hub.log");
  }

  private static Path home() {
    var chosen = System.getenv("MILLRACE_HOME");
    return Path.of(chosen == null ? ".millrace" : chosen).toAbsolutePath().normalize();
  }

  /// Only ever asked for folders that this class names.
  static void forget(Path folder) {
    if (!Files.exists(folder)) return;
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot empty " + folder, failure);
    }
  }
}
