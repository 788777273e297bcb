package millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import millrace.embedded.Directories;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A directory of this JVM, and what has to end before it can be removed.
final class Scratch {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path ROOT = create();
  private static final Deque<Runnable> AT_EXIT = new ArrayDeque<>();

  private Scratch() {}

  static Path directory(String name) {
    return ROOT.resolve(name);
  }

  /// Runs when the JVM ends, the latest first.
  static void atExit(Runnable action) {
    synchronized (AT_EXIT) {
      AT_EXIT.push(action);
    }
  }

  private static Path create() {
    try {
      var root = Files.createTempDirectory("millrace-test-");
      Runtime.getRuntime().addShutdownHook(new Thread(Scratch::clear, "clear-test-infrastructure"));
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a directory for the tests' data", e);
    }
  }

  private static void clear() {
    awaitSpring();
    synchronized (AT_EXIT) {
      while (!AT_EXIT.isEmpty()) {
        var action = AT_EXIT.pop();
        try {
          action.run();
        } catch (RuntimeException e) {
          LOG.warn("while ending the tests' infrastructure", e);
        }
      }
    }
    Directories.delete(ROOT);
  }

  /// Hooks run side by side. Spring's close the contexts that tests left open, which need database
  /// and broker for an orderly end.
  private static void awaitSpring() {
    try {
      for (var thread : Thread.getAllStackTraces().keySet()) {
        var name = thread.getName();
        if (name.startsWith("SpringApplicationShutdownHook")
            || name.startsWith("SpringContextShutdownHook")) {
          thread.join(PATIENCE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
