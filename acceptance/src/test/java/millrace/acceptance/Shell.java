package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import millrace.standalone.hub.HubProcess;
import tools.jackson.databind.JsonNode;

/// Carries out `./millrace` commands in JVMs of their own, as the launcher does.
final class Shell {
  private static final int SECONDS = 60;
  private static final int LAST_WORDS = 2_000;
  private static final String LOG = "shell.log";

  private final Path directory;
  private final Map<String, String> environment;

  /// @param environment what is set for each command
  Shell(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  record Said(int code, String out) {
    List<JsonNode> objects() {
      return out.lines().map(line -> Rest.JSON.readTree(line)).toList();
    }

    JsonNode object() {
      assertThat(objects()).as(out).hasSize(1);
      return objects().getFirst();
    }
  }

  Said run(String... arguments) throws Exception {
    var running = start(arguments);
    assertThat(running.process.waitFor(SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    return new Said(running.process.exitValue(), running.out());
  }

  /// What must go well, and prints one object.
  JsonNode json(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    var said = run(all.toArray(String[]::new));
    assertThat(said.code())
        .as("%s says %s; %s", all, said.out(), lastWords(directory.resolve(LOG)))
        .isZero();
    return said.object();
  }

  Running start(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "@" + HubProcess.classPath(directory),
            "millrace.standalone.Main"));
    command.addAll(List.of(arguments));
    var out = Files.createTempFile(directory, "shell", ".out");
    var errors = directory.resolve(LOG);
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    builder.environment().putAll(environment);
    return new Running(builder.start(), out, errors);
  }

  private static String lastWords(Path errors) throws IOException {
    var all = Files.readString(errors);
    return "of all commands the last words are "
        + all.substring(Math.max(0, all.length() - LAST_WORDS));
  }

  /// A command that goes on until it is killed.
  record Running(Process process, Path file, Path errors) implements AutoCloseable {
    String out() throws IOException {
      return Files.readString(file, UTF_8);
    }

    /// Whoever waits for what it does would otherwise wait in vain, and not learn why.
    void mustRun() throws IOException {
      if (process.isAlive()) return;
      throw new AssertionError(
          "the command ended with %d and said %s; %s"
              .formatted(process.exitValue(), out(), lastWords(errors)));
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
