package millrace.settlement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The service in a JVM of its own, which can be ended the hard way.
final class ServiceProcess {
  private static final int LAST_LINES = 40;

  private final Process process;
  private final Path log;

  private ServiceProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static ServiceProcess start(Map<String, Object> properties) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SettlementService.class.getName()));
    properties.forEach((name, value) -> command.add("--%s=%s".formatted(name, value)));
    try {
      // Its standard output would get into the way of the test runner's.
      var log = Files.createTempFile("settlement-", ".log");
      log.toFile().deleteOnExit();
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      return new ServiceProcess(builder.redirectOutput(log.toFile()).start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String lastWords() {
    try {
      var all = Files.readAllLines(log);
      return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /// As `kill -9` does: nothing in it has a say.
  void kill() {
    process.destroyForcibly().onExit().join();
  }
}
