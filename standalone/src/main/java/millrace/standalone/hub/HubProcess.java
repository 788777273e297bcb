package millrace.standalone.hub;

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
import millrace.embedded.WholeFile;
import org.jspecify.annotations.Nullable;

/// One JVM with one service in it, that can be killed and started again.
public final class HubProcess {
  private static final Duration READY_LIMIT = Duration.ofMinutes(4);
  private static final Duration READY_LOOK = Duration.ofMillis(100);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
  private static final int KILL_SECONDS = 10;
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
      List<String> javaOptions,
      Class<?> mainClass,
      List<String> arguments,
      Ready ready) {
    this.name = name;
    this.log = directory.resolve(name + ".log");
    this.ready = ready;
    command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(classes(directory));
    command.add(mainClass.getName());
    command.addAll(arguments);
  }

  public String name() {
    return name;
  }

  public Path log() {
    return log;
  }

  public synchronized void start() {
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

  /// @throws IllegalStateException with its last words, when it ends instead or takes for ever
  public void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + READY_LIMIT.toNanos();
    while (!isReady()) {
      if (!isAlive()) throw new IllegalStateException(name + " has ended:\n" + lastWords());
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(name + " does not get ready:\n" + lastWords());
      }
      Thread.sleep(READY_LOOK);
    }
  }

  /// Of this run, not of those before.
  public synchronized long pid() {
    if (process == null) throw new IllegalStateException(name + " was never started");
    return process.pid();
  }

  /// Processor time of this run so far.
  public synchronized Duration spent() {
    return Optional.ofNullable(process)
        .flatMap(running -> running.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  private boolean isReady() throws InterruptedException {
    try {
      return ready.ask();
    } catch (IOException notYet) {
      return false;
    }
  }

  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /// `kill -9`.
  public synchronized void kill() throws InterruptedException {
    if (process == null) return;
    process.destroyForcibly();
    if (!process.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(name + " does not end, process " + process.pid());
    }
  }

  /// In order if it ends in time.
  public synchronized void stop() throws InterruptedException {
    if (process == null) return;
    process.destroy();
    if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) kill();
  }

  public String lastWords() {
    try (var lines = Files.lines(log)) {
      var all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /// The application that the launcher names, with what the JVM kept of an earlier start. That
  /// belongs to these jars in their place, so they are not copied.
  private static List<String> classes(Path directory) {
    var app = System.getProperty("millrace.app");
    if (app == null) return List.of("@" + classPath(directory));
    var kept = Path.of(app + ".aot");
    var jars = List.of("-cp", Path.of(app, "*").toString());
    if (!Files.exists(kept)) return jars;
    var options = Stream.of("-XX:AOTCache=" + kept, "-Xlog:aot*=error");
    return Stream.concat(options, jars.stream()).toList();
  }

  /// This JVM's class path in a file, because it is too long for a command line. Only jars: what is
  /// compiled in the module of a test is no part of a service.
  public static Path classPath(Path directory) {
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
    var file = directory.resolve("classpath");
    try {
      // Another process may be reading it just now: it would start without its classes.
      WholeFile.write(file, "-cp \"" + jars + "\"\n");
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the class path", e);
    }
  }

  /// A build beside this one may replace the project's own jars, under the feet of processes that
  /// have them open. So these are copied.
  private static Path kept(Path jar, Path directory) {
    var file = jar.getFileName().toString();
    if (!file.startsWith("millrace-")) return jar.toAbsolutePath();
    var copy = directory.resolve("lib").resolve(file);
    try {
      if (!Files.exists(copy)) {
        Files.createDirectories(copy.getParent());
        WholeFile.copy(jar, copy);
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + jar, e);
    }
  }
}
