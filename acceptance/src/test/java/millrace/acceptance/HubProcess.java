package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One JVM with one service in it, that can be killed and started again.
final class HubProcess {
  private static final Duration READY_LIMIT = Duration.ofMinutes(4);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
  private static final int LAST_LINES = 40;

  private final String name;
  private final Path log;
  private final List<String> command;
  private final Ready ready;
  private @Nullable Process process;

  /// Says whether the process can be used.
  @FunctionalInterface
  interface Ready {
    boolean ask() throws IOException, InterruptedException;
  }

  HubProcess(
      String name,
      Path directory,
      String heap,
      String mainClass,
      List<String> arguments,
      Ready ready) {
    this.name = name;
    this.log = directory.resolve(name + ".log");
    this.ready = ready;
    command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "@" + classPath(directory),
            mainClass));
    command.addAll(arguments);
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  synchronized void start() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  void awaitReady() throws InterruptedException {
    var deadline = System.nanoTime() + READY_LIMIT.toNanos();
    while (!isReady()) {
      assertThat(isAlive()).as("%s runs; its last words:%n%s", name, lastWords()).isTrue();
      assertThat(System.nanoTime())
          .as("%s is ready within %s; its last words:%n%s", name, READY_LIMIT, lastWords())
          .isLessThan(deadline);
      Thread.sleep(200);
    }
    Progress.say("%s is ready after %.1f s of processor time", name, processorSeconds());
  }

  private synchronized double processorSeconds() {
    return Optional.ofNullable(process)
        .flatMap(running -> running.info().totalCpuDuration())
        .map(spent -> spent.toMillis() / 1000.0)
        .orElse(0.0);
  }

  private boolean isReady() throws InterruptedException {
    try {
      return ready.ask();
    } catch (IOException notYet) {
      return false;
    }
  }

  synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /// `kill -9`.
  synchronized void kill() throws InterruptedException {
    if (process == null) return;
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(name + " is gone").isTrue();
  }

  synchronized void stop() throws InterruptedException {
    if (process == null) return;
    process.destroy();
    if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) kill();
  }

  String lastWords() {
    try (var lines = Files.lines(log)) {
      var all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /// Only jars: what is compiled in this module is no part of a service. The list is too long for a
  /// command line.
  static Path classPath(Path directory) {
    var path =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElseGet(() -> System.getProperty("java.class.path"));
    var jars =
        Stream.of(path.split(File.pathSeparator))
            .map(Path::of)
            .filter(Files::isRegularFile)
            .map(jar -> kept(jar, directory))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    try {
      return Files.writeString(directory.resolve("classpath"), "-cp \"" + jars + "\"\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the class path", e);
    }
  }

  /// A build beside this one may replace the project's own jars, under the feet of processes that
  /// have them open. So these are copied.
  private static Path kept(Path jar, Path directory) {
    var name = jar.getFileName().toString();
    if (!name.startsWith("millrace-")) return jar;
    var copy = directory.resolve("lib").resolve(name);
    try {
      if (!Files.exists(copy)) {
        Files.createDirectories(copy.getParent());
        Files.copy(jar, copy);
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + jar, e);
    }
  }
}
