package millrace.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a process wrote last into its log, for the message of a test that it has let down.
final class LastWords {
  private static final int LINES = 30;

  private LastWords() {}

  static String of(Path log) {
    try {
      var all = Files.readAllLines(log);
      return log + " ends with:\n" + String.join("\n", all.subList(start(all.size()), all.size()));
    } catch (IOException e) {
      return "there is no " + log + ": " + e;
    }
  }

  private static int start(int size) {
    return Math.max(0, size - LINES);
  }
}
