package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import millrace.embedded.FreePort;
import millrace.protocol.type.Amount;
import millrace.standalone.hub.HubProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guides and recipes, run as they are printed.
class GuidesIT {
  private final Hub hub = Hub.running();

  @TempDir private Path directory;

  GuidesIT() throws InterruptedException {}

  @Test
  void theFirstPaymentTakesTheCommandsOfItsPage() throws Exception {
    assertThat(run("getting-started/first-payment.md"))
        .contains("402", "\"status\":\"succeeded\"", "\"order\":\"1\"", "\"available\":\"2500\"")
        .contains("\"object\":\"payout\"", "\"amount\":\"2000\"");
  }

  @Test
  void theStockClientOfThePagePaysALink() throws Exception {
    var merchant = Merchant.at(hub, "link");
    var made =
        Rest.json(
            Rest.post(
                hub.gateway("/v1/payment_links"),
                Map.of("Authorization", "Bearer " + merchant.apiKey()),
                "{\"amount\":\"300\"}"));
    var link = hub.gateway(made.path("path").stringValue()).toString();
    assertThat(run("getting-started/javascript.md", Map.of("LINK", link)))
        .contains("1 charged 300", "2 charged 300", "3 charged 300");
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(900));
  }

  @Test
  void theJavaOfThePageSellsAReport() throws Exception {
    var merchant = Merchant.at(hub, "java");
    assertThat(run("getting-started/java.md", Map.of("KEY", merchant.apiKey())))
        .contains("402", "It was worth it.");
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(1_000));
  }

  @Test
  void aMeteredApiIsPaidByTheWord() throws Exception {
    var merchant = Merchant.at(hub, "words");
    assertThat(run("recipes/metered-api.md", Map.of("KEY", merchant.apiKey())))
        .contains("word7", "\"unit_price\":\"12\"")
        .doesNotContain("word8");
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(70));
  }

  @Test
  void articlesAreSoldOneByOne() throws Exception {
    var merchant = Merchant.at(hub, "articles");
    assertThat(run("recipes/article-paywall.md", Map.of("KEY", merchant.apiKey())))
        .contains("Seven", "Eight")
        .containsPattern("20000 for http\\S+/8\n20000 for http\\S+/7");
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(40_000));
  }

  @Test
  void aReportIsGivenBackInPartAndTheNextOneCostsLess() throws Exception {
    var merchant = Merchant.at(hub, "refunds");
    assertThat(run("recipes/refund.md", Map.of("KEY", merchant.apiKey())))
        .containsSubsequence("\"charged\":\"1000\"", "succeeded", "\"charged\":\"600\"")
        .contains("payment 1000\nrefund -400\npayment 1000")
        .containsSubsequence("succeeded on chain", "\"transaction\":\"0x");
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(1_100));
  }

  private String run(String page) throws IOException, InterruptedException {
    return run(page, Map.of());
  }

  /// With a payer who has money and has never paid.
  private String run(String page, Map<String, String> more)
      throws IOException, InterruptedException {
    StockClients.requireInstalled();
    var payer = Merchant.fresh(page);
    hub.chain().fund(payer.address(), Amount.of(1_000_000));
    launcher();
    var environment = new HashMap<>(more);
    environment.put("HUB", hub.gateway("").toString());
    environment.put("OPERATOR", Hub.OPERATOR_KEY);
    environment.put("PAYER", payer.secret().toString());
    environment.put("RPC", hub.chain().rpcUrl());
    environment.put("STORE", directory.resolve("store").toString());
    environment.put("PORT", "" + FreePort.any());
    environment.put(
        "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"));
    var output = Guide.of(page).run(directory, environment);
    Progress.say("%s: every command ran", page);
    return output;
  }

  /// What `./millrace pay` starts, without a build before.
  private void launcher() throws IOException {
    var script = directory.resolve("millrace");
    Files.writeString(
        script,
        """
        #!/usr/bin/env bash
        exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \\
          @%s millrace.payer.cli.PayCommand "$@"
        """
            .formatted(HubProcess.classPath(hub.directory())));
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }
}
