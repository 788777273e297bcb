package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.embedded.FreePort;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The merchants in `examples/`, started as their page says, sell to the stock client.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesIT {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("acceptance.examples", "../examples"));

  private final Hub hub = Hub.running();
  private final StockClients clients =
      StockClients.start(hub.directory().resolve("stock-clients.log"));
  private final List<Process> shops = new ArrayList<>();

  ExamplesIT() throws InterruptedException {}

  @BeforeAll
  void open() {
    var key = Merchant.fresh("reader");
    hub.chain().fund(key.address(), Amount.of(1_000_000));
    clients.command(
        "open",
        Map.of(
            "client", "reader",
            "key", key.secret().toString(),
            "rpcUrl", hub.chain().rpcUrl(),
            "network", Hub.NETWORK.toString(),
            "directory", hub.directory().resolve("reader").toString()));
  }

  @AfterAll
  void close() throws InterruptedException {
    for (var shop : shops) shop.destroyForcibly().waitFor();
    clients.end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"merchant-java", "merchant-javascript"})
  void anExampleSellsForecastsThroughTheHub(String example) throws Exception {
    var merchant = Merchant.at(hub, example);
    var url = start(example, merchant);

    var unpaid = Rest.get(url, Map.of());
    assertThat(unpaid.statusCode()).isEqualTo(402);
    assertThat(unpaid.headers().firstValue("PAYMENT-REQUIRED")).isPresent();
    assertThat(unpaid.body()).doesNotContain("tomorrow");

    var nonsense = Rest.get(url, Map.of("PAYMENT-SIGNATURE", "bm90IGEgcGF5bWVudA=="));
    assertThat(nonsense.statusCode()).isEqualTo(402);
    assertThat(nonsense.body()).doesNotContain("tomorrow");

    for (int bought = 1; bought <= 3; bought++) {
      var paid = clients.command("pay", Map.of("client", "reader", "url", url.toString()));
      assertThat(paid.path("status").intValue()).as("paid: %s", paid).isEqualTo(200);
      assertThat(body(paid).path("city").stringValue()).isEqualTo("Bern");
      assertThat(body(paid).path("tomorrow").stringValue()).isNotEmpty();
      assertThat(paid.path("receipt").path("success").booleanValue()).isTrue();
    }
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(3_000));

    // Whoever wants the rest of its money back gets that, and no goods.
    var refund =
        clients.command(
            "refund", Map.of("client", "reader", "url", url.toString(), "amount", "100"));
    assertThat(refund.path("receipt").path("success").booleanValue()).as("%s", refund).isTrue();
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(3_000));
    Progress.say("%s: sold three forecasts", example);
  }

  private static JsonNode body(JsonNode paid) {
    return Rest.JSON.readTree(paid.path("body").stringValue());
  }

  private URI start(String example, Merchant merchant) throws IOException, InterruptedException {
    int port = FreePort.any();
    var log = hub.directory().resolve(example + ".log");
    var builder =
        new ProcessBuilder(command(example))
            .directory(EXAMPLES.resolve(example).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("MILLRACE_URL", hub.gateway("").toString());
    builder.environment().put("MILLRACE_KEY", merchant.apiKey());
    builder.environment().put("PORT", "" + port);
    var process = builder.start();
    shops.add(process);
    var url = URI.create("http://127.0.0.1:" + port + "/forecast/Bern");
    Eventually.holds(
        example + " answers",
        Duration.ofMinutes(1),
        () -> {
          assertThat(process.isAlive()).as(() -> example + " runs; " + LastWords.of(log)).isTrue();
          return Rest.status(url) == 402;
        });
    return url;
  }

  private static List<String> command(String example) {
    if (example.equals("merchant-javascript")) return List.of("node", "shop.mjs");
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        "target/app/*",
        "com.example.forecast.ForecastShop");
  }
}
