package millrace.watchtower.merchant;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import millrace.embedded.FreePort;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.watchtower.WatchtowerService;
import tools.jackson.databind.json.JsonMapper;

/// A tower in a process of its own, as a merchant starts it.
final class TowerProcess implements AutoCloseable {
  private static final int LAST_LINES = 40;

  private final Process process;
  private final Path log;
  private final URI health;
  private final HttpClient http = HttpClient.newHttpClient();

  private TowerProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.health = URI.create("http://127.0.0.1:" + port + "/health");
  }

  static TowerProcess start(VaultScene scene, TestHub hub, SigningKey gasKey, Path folder)
      throws IOException {
    int port = FreePort.any();
    var terms = scene.terms();
    var path =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElseGet(() -> System.getProperty("java.class.path"));
    var builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx96m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path,
                WatchtowerService.class.getName(),
                "--merchant",
                "--hub-url=" + hub.url(),
                "--payee=" + terms.payee(),
                "--vault=" + terms.vault(),
                "--token=" + terms.token(),
                "--channels=" + terms.channels(),
                "--chain-id=" + terms.chainId(),
                "--rpc-url=" + scene.chain().rpcUrl(),
                "--data=" + folder,
                "--poll=100ms",
                "--silence=6h",
                "--json",
                "--listen=127.0.0.1:" + port));
    builder.environment().put("MILLRACE_API_KEY", TestHub.API_KEY);
    builder.environment().put("MILLRACE_TOWER_KEY", gasKey.secret().toString());
    // Its standard output would get into the way of the test runner's.
    var log = folder.resolve("tower.log");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new TowerProcess(builder.start(), log, port);
  }

  /// What it says that it holds.
  ///
  /// @throws IllegalStateException with its last words, when it has ended
  Amount held() throws InterruptedException {
    if (!isAlive()) {
      throw new IllegalStateException(
          "the tower ended with %d: %s".formatted(process.exitValue(), lastWords()));
    }
    try {
      var answer =
          http.send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString()).body();
      return Amount.of(JsonMapper.shared().readTree(answer).path("promised").asString("0"));
    } catch (IOException notYet) {
      return Amount.ZERO;
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

  /// `kill -9`.
  void kill() {
    process.destroyForcibly();
    process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    kill();
    http.close();
  }
}
