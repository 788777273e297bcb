package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import millrace.embedded.FreePort;
import millrace.protocol.type.Amount;
import millrace.standalone.hub.HubProcess;
import millrace.watchtower.WatchtowerService;

/// A merchant's own tower as a process, with nothing of the hub but its address and an API key that
/// may read the balance.
final class MerchantTower implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final URI health;

  private MerchantTower(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.health = URI.create("http://127.0.0.1:" + port + "/health");
  }

  static MerchantTower of(Merchant merchant) throws IOException, InterruptedException {
    var hub = merchant.hub();
    var chain = hub.chain();
    var gasKey = Merchant.fresh("gas");
    chain.setBalance(gasKey.address(), BigInteger.TEN.pow(18));
    var folder = Files.createDirectories(hub.directory().resolve("tower-" + merchant.id()));
    var log = folder.resolve("tower.log");
    int port = FreePort.any();
    var builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx96m",
                    "--enable-native-access=ALL-UNNAMED",
                    "@" + HubProcess.classPath(folder),
                    WatchtowerService.class.getName(),
                    "--merchant",
                    "--hub-url=" + hub.gateway(""),
                    "--payee=" + merchant.payee(),
                    "--vault=" + chain.deployment().vault(),
                    "--token=" + chain.deployment().token(),
                    "--chain-id=" + chain.deployment().chainId(),
                    "--rpc-url=" + chain.rpcUrl(),
                    "--data=" + folder,
                    "--listen=127.0.0.1:" + port,
                    "--poll=500ms",
                    "--withdraw",
                    "--json"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("MILLRACE_API_KEY", readingKey(merchant));
    builder.environment().put("MILLRACE_TOWER_KEY", gasKey.secret().toString());
    return new MerchantTower(builder.start(), log, port);
  }

  private static String readingKey(Merchant merchant) throws IOException, InterruptedException {
    var made =
        Rest.json(
            Rest.post(
                merchant.hub().gateway("/v1/api_keys"),
                merchant.authorized(),
                "{\"name\":\"tower\",\"scopes\":[\"balance:read\"]}"));
    return made.path("secret").stringValue();
  }

  /// What it says that it holds.
  Amount promised() throws IOException, InterruptedException {
    assertThat(process.isAlive()).as(() -> "the tower runs; " + LastWords.of(log)).isTrue();
    var said = Rest.JSON.readTree(Rest.get(health, Map.of()).body());
    return Amount.of(said.path("promised").asString("0"));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
