package millrace.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.embedded.FreePort;

/// A gateway in a process of its own, which can be killed.
final class GatewayProcess implements AutoCloseable {
  private static final int LAST_LINES = 40;

  private final Process process;
  private final URI url;
  private final Path log;

  /// @param log where it says what it does
  GatewayProcess(Map<String, Object> properties, Path log) throws IOException {
    this.log = log;
    int port = FreePort.any();
    url = URI.create("http://127.0.0.1:" + port);
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            classPath,
            GatewayService.class.getName()));
    // An option that is said twice is a list.
    var own = new HashMap<>(properties);
    own.put("server.port", port);
    own.forEach((name, value) -> command.add("--" + name + "=" + value));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  URI url() {
    return url;
  }

  private String lastWords() {
    try {
      var all = Files.readAllLines(log);
      return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    } catch (IOException e) {
      return "no log";
    }
  }

  void awaitReady() throws InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
      while (System.nanoTime() < end) {
        if (!process.isAlive()) {
          throw new IllegalStateException("the gateway has ended: " + lastWords());
        }
        try {
          var request = HttpRequest.newBuilder(url.resolve("/v1/event_types")).build();
          if (http.send(request, BodyHandlers.discarding()).statusCode() == 401) return;
        } catch (IOException notYet) {
          // It is still starting.
        }
        Thread.sleep(100);
      }
      throw new IllegalStateException("the gateway does not start");
    }
  }

  /// @throws IllegalStateException with its last words, when it has ended
  void mustRun() {
    if (process.isAlive()) return;
    throw new IllegalStateException(
        "the gateway ended with %d: %s".formatted(process.exitValue(), lastWords()));
  }

  /// As `kill -9` does.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
