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
  private final Process process;

  private ServiceProcess(Process process) {
    this.process = process;
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
      var log = Files.createTempFile("settlement-", ".log").toFile();
      log.deleteOnExit();
      return new ServiceProcess(
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// As `kill -9` does: nothing in it has a say.
  void kill() {
    process.destroyForcibly().onExit().join();
  }
}
