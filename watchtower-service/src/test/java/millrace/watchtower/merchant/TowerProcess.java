package millrace.watchtower.merchant;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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
  private final Process process;
  private final URI health;
  private final HttpClient http = HttpClient.newHttpClient();

  private TowerProcess(Process process, int port) {
    this.process = process;
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
    return new TowerProcess(builder.inheritIO().start(), port);
  }

  /// What it says that it holds.
  Amount held() throws InterruptedException {
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
