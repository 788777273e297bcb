package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import millrace.standalone.hub.HubProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedStartIT {
  @TempDir private Path folder;

  @Test
  void aHubThatCannotStartSaysWhyAndLeavesNothingRunning() throws Exception {
    var data = folder.toRealPath().resolve("data");
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      var errors = folder.resolve("errors.txt");
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "--enable-native-access=ALL-UNNAMED",
                  "@" + HubProcess.classPath(folder),
                  "millrace.standalone.Main",
                  "serve",
                  "--data",
                  data.toString(),
                  "--port",
                  "" + taken.getLocalPort())
              .redirectError(errors.toFile())
              .start();
      boolean ended = process.waitFor(8, TimeUnit.MINUTES);
      if (!ended) process.destroyForcibly();
      assertThat(ended).as(() -> "it ends; " + LastWords.of(errors)).isTrue();
      assertThat(process.exitValue()).isNotZero();
      assertThat(process.getInputStream().readAllBytes()).asString(UTF_8).isEmpty();
      assertThat(errors).content().contains("gateway did not start");
    }
    assertThat(
            ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(FailedStartIT::arguments))
        .noneMatch(arguments -> arguments.stream().anyMatch(it -> it.startsWith(data.toString())));
  }

  private static List<String> arguments(ProcessHandle process) {
    return process.info().arguments().map(List::of).orElse(List.of());
  }
}
