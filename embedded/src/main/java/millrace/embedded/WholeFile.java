package millrace.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Files that others read while they are written: whoever opens one finds all of it, as it was or
/// as it is now, and so does whoever comes after a kill.
public final class WholeFile {
  private WholeFile() {}

  public static void write(Path file, String text) throws IOException {
    put(file, fresh -> Files.writeString(fresh, text));
  }

  public static void copy(Path from, Path file) throws IOException {
    put(file, fresh -> Files.copy(from, fresh, StandardCopyOption.REPLACE_EXISTING));
  }

  /// Each writer has a name of its own to write under, as there may be several.
  private static void put(Path file, Filling filling) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    var fresh = Files.createTempFile(folder, file.getFileName() + "-", ".new");
    try {
      filling.into(fresh);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  @FunctionalInterface
  private interface Filling {
    void into(Path fresh) throws IOException;
  }
}
