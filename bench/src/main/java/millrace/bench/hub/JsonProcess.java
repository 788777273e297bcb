package millrace.bench.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A child that speaks lines on its standard streams and ends with its input, so that it ends as
/// well when this process is killed.
public final class JsonProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 40;

  private final Process process;
  private final BufferedReader said;
  private final Writer told;
  private final Path log;

  private JsonProcess(Process process, Path log) {
    this.process = process;
    this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    this.told = new OutputStreamWriter(process.getOutputStream(), UTF_8);
    this.log = log;
  }

  /// Another JVM with this one's class path.
  ///
  /// @param log of what it says on its error stream
  public static JsonProcess java(
      Path log, List<String> options, Class<?> main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return start(log, command);
  }

  public static JsonProcess start(Path log, List<String> command) {
    try {
      Files.createDirectories(log.getParent());
      return new JsonProcess(
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.getFirst(), e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public void tell(String line) {
    try {
      told.write(line + "\n");
      told.flush();
    } catch (IOException e) {
      throw new IllegalStateException("it has ended; see " + log, e);
    }
  }

  public String hear() {
    try {
      var line = said.readLine();
      if (line == null) throw new IllegalStateException("it has ended; see " + log);
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot hear it", e);
    }
  }

  @Override
  public void close() {
    try {
      told.close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
