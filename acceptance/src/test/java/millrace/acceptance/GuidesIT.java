package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
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
  /// The listener of the page has had its answer.
  private static final String HEARD = "until grep -q '<-- ' background.log; do sleep 0.1; done\n";

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

  @Test
  void aMerchantTakesTheCommandsOfItsPage() throws Exception {
    var gasKey = Merchant.fresh("gas");
    hub.chain().setBalance(gasKey.address(), BigInteger.TEN.pow(18));
    try (var server = new Upstream()) {
      var more = Map.of("SERVER", server.url(), "GAS_KEY", gasKey.secret().toString());
      assertThat(run("getting-started/merchant.md", more))
          .containsSubsequence("\"object\":\"route\"", "\"unit_price\":\"10\"")
          .contains("\"object\":\"payment_link\"", "\"invoice\":\"4711\"")
          .containsSubsequence("\"line\":1,\"status\":201", "\"line\":2,\"status\":402")
          .containsSubsequence("\"status\":\"succeeded\"", "\"status\":\"canceled\"")
          .contains("\"available\":\"2600\"", "\"object\":\"payout\"", "\"gas_account\":")
          .contains("\"interval\":\"daily\"", "\"scopes\":[", "\"customer\":\"17\"");
    }
    assertThat(directory.resolve("payments.csv")).content().startsWith("id,");
    assertThat(directory.resolve("payouts.jsonl")).content().contains("\"amount\":\"2600\"");
    assertThat(directory.resolve("books.csv")).content().contains("payment", "payout");
    assertThat(directory.resolve("month.json")).content().contains("closing");
  }

  @Test
  void aPartnerIsToldOfWhatItTriggers() throws Exception {
    var merchant = Merchant.at(hub, "partner");
    try (var server = new Upstream()) {
      var guide = Guide.of("getting-started/partner.md").then(HEARD);
      var more = Map.of("KEY", merchant.apiKey(), "HOOKS", server.url() + "/hooks");
      assertThat(run(guide, more, server))
          .contains("\"object\":\"webhook_endpoint\"", "\"secret\":\"whsec_")
          .containsSubsequence("--> payout.failed", "<-- [200]");
      assertThat(server.served()).isEqualTo(1);
    }
  }

  @Test
  void theCommandLineForwardsEventsAndCompletesItself() throws Exception {
    var merchant = Merchant.at(hub, "commands");
    try (var server = new Upstream()) {
      var guide = Guide.of("command-line.md").then(HEARD + "complete -p millrace\n");
      var more =
          Map.of("MILLRACE_URL", hub.gateway("").toString(), "MILLRACE_API_KEY", merchant.apiKey());
      assertThat(run(guide, more, server))
          .containsSubsequence("complete ", "millrace", "--> payout.failed", "<-- [200]");
      assertThat(server.served()).isEqualTo(1);
    }
  }

  @Test
  void aPayerTakesTheCommandOfItsPage() throws Exception {
    var merchant = Merchant.at(hub, "paid");
    try (var server = new Upstream()) {
      var link = merchant.route(server, Amount.of(1_000)).toString();
      assertThat(run("getting-started/payer.md", Map.of("LINK", link))).contains("\"served\":1");
    }
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(1_000));
  }

  @Test
  void noBlockOfAGuideIsPassedOver() throws Exception {
    assertThat(Guide.all())
        .hasSizeGreaterThan(9)
        .allSatisfy(guide -> assertThat(guide.unnamedBlocks()).isEmpty());
  }

  @Test
  void aPageWithACommandThatIsRefusedFails() throws Exception {
    var page = directory.resolve("page.md");
    Files.writeString(page, "```sh\ncurl $HUB/v1/balance\necho on\n```\n");
    var environment = Map.of("HUB", hub.gateway("").toString());
    assertThatThrownBy(() -> new Guide(page, "").run(directory, environment))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"status\":401")
        .hasMessageNotContaining("\non\n");
  }

  private String run(String page) throws IOException, InterruptedException {
    return run(page, Map.of());
  }

  private String run(String page, Map<String, String> more)
      throws IOException, InterruptedException {
    return run(Guide.of(page), more, FreePort.any());
  }

  private String run(Guide guide, Map<String, String> more, Upstream server)
      throws IOException, InterruptedException {
    return run(guide, more, URI.create(server.url()).getPort());
  }

  /// With a payer who has money and has never paid.
  private String run(Guide guide, Map<String, String> more, int port)
      throws IOException, InterruptedException {
    StockClients.requireInstalled();
    var payer = Merchant.fresh("reader");
    hub.chain().fund(payer.address(), Amount.of(1_000_000));
    launcher();
    var environment = new HashMap<>(more);
    environment.put("HUB", hub.gateway("").toString());
    environment.put("OPERATOR", Hub.OPERATOR_KEY);
    environment.put("PAYER", payer.secret().toString());
    environment.put("RPC", hub.chain().rpcUrl());
    environment.put("STORE", directory.resolve("store").toString());
    environment.put("PORT", "" + port);
    environment.put(
        "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"));
    var output = guide.run(directory, environment);
    Progress.say("%s: every command ran", guide.page());
    return output;
  }

  /// What `./millrace` starts, without a build before.
  private void launcher() throws IOException {
    var script = directory.resolve("millrace");
    Files.writeString(
        script,
        """
        #!/usr/bin/env bash
        case "$1" in
          pay) main=millrace.payer.cli.PayCommand ;;
          tower) main=millrace.watchtower.WatchtowerService && shift ;;
          *) main=millrace.standalone.Main ;;
        esac
        exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \\
          -Duser.home="$PWD" @%s $main "$@"
        """
            .formatted(HubProcess.classPath(hub.directory())));
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }
}
