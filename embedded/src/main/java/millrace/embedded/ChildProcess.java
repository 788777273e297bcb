package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A program that this JVM started, or one that an earlier, killed JVM has left behind.
record ChildProcess(ProcessHandle handle) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int LAST_LINES = 8;
  private static final boolean HAS_SETSID =
      Files.isExecutable(Path.of("/usr/bin/setsid")) || Files.isExecutable(Path.of("/bin/setsid"));

  /// Starts it in a session of its own: Ctrl-C in a terminal reaches every process of the session,
  /// and would end a database under the feet of services that are still finishing their work. The
  /// process id is that of the program itself.
  static ChildProcess start(List<String> command, Path log) {
    var line = new ArrayList<String>();
    if (HAS_SETSID) line.add("setsid");
    line.addAll(command);
    try {
      var process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process.getOutputStream().close();
      return new ChildProcess(process.toHandle());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.getFirst(), e);
    }
  }

  boolean alive() {
    return handle.isAlive();
  }

  /// For the signals that a program tells apart and the JDK cannot send.
  void signal(String name) {
    var command = "kill -%s %d".formatted(name, handle.pid());
    try {
      var exit =
          new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start().waitFor();
      if (exit != 0 && alive()) throw new IllegalStateException("failed: " + command);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run: " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether it is gone, after waiting for that. Asks by itself, because the JDK asks less and less
  /// often for a process that is not its own child.
  boolean ends() {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (alive() && System.nanoTime() < deadline) Pause.of(POLL);
    return !alive();
  }

  /// The end of what a program wrote, for the message that says why it did not start.
  static String lastWords(Path log) {
    if (!Files.exists(log)) return "it said nothing";
    try (var lines = Files.lines(log)) {
      var all = lines.toList();
      return "its last words:\n"
          + String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log, e);
    }
  }
}
