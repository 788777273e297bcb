package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// The command line of merchants, partners and operators, from a merchant's first day to its first
/// payout.
class MerchantCommandsIT {
  private static final Amount PRICE = Amount.of(100);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String SECRET = "whsec_" + "M".repeat(32);

  private final Hub hub = Hub.running();
  private final Upstream upstream = new Upstream();
  private final Receiver receiver = new Receiver();
  private final Path state = hub.directory().resolve("listen-" + System.nanoTime());

  MerchantCommandsIT() throws Exception {}

  @AfterEach
  void close() {
    upstream.close();
    receiver.server.stop(0);
  }

  @Test
  void aMerchantIsMadeSeesItsPaymentsIsPaidAndRollsItsKey() throws Exception {
    var operator = shell(Map.of("MILLRACE_OPERATOR_KEY", Hub.OPERATOR_KEY));
    var made =
        operator.json(
            "merchants",
            "create",
            "Nina",
            "--payout-address",
            Merchant.fresh("nina").address().toString(),
            "--metadata",
            "town=Bern");
    assertThat(made.path("merchant").path("metadata").path("town").stringValue()).isEqualTo("Bern");
    var nina = merchant(made.path("merchant").path("id").stringValue(), secretOf(made));
    var shell = as(nina);
    var url = nina.route(upstream, PRICE);
    var spender = Spender.at(hub, "nina's-customer");
    spender.mustPay(url);
    Eventually.holds("it is listed", LIMIT, () -> listed(shell).size() == 1);

    try (var tail = shell.start("payments", "tail", "--json", "--count", "2")) {
      Eventually.holds("the tail begins", LIMIT, () -> tail.out().lines().count() == 1);
      spender.mustPay(url);
      spender.mustPay(url);
      assertThat(tail.process().waitFor(LIMIT)).isTrue();
      assertThat(tail.process().exitValue()).isZero();
      assertThat(tail.out().lines().distinct()).hasSize(3);
    }

    var payout = shell.json("payouts", "create", "--amount", "150", "--idempotency-key", "first");
    assertThat(payout.path("amount").stringValue()).isEqualTo("150");
    var again = shell.json("payouts", "create", "--amount", "150", "--idempotency-key", "first");
    assertThat(again.path("id")).isEqualTo(payout.path("id"));
    assertThat(nina.balance().available()).isEqualTo(Amount.of(150));
    var tooMuch = shell.run("payouts", "create", "--amount", "1000", "--json");
    assertThat(tooMuch.code()).isEqualTo(4);
    assertThat(tooMuch.object().path("code").stringValue()).isEqualTo("insufficient-funds");

    var rolled = shell.json("keys", "roll", "--overlap", "0");
    assertThat(listed(as(merchant(nina.id(), rolled.path("secret").stringValue())))).hasSize(3);
    // What is cached of a key is soon looked up again.
    Eventually.holds("the old one has ended", LIMIT, () -> tail(shell).code() == 4);
  }

  /// Goal: what a developer sees of the hub's webhooks is what a public server would be sent.
  @Test
  void eventsAreForwardedSignedAndInOrderAndNoneIsMissingAfterTheListenerWasKilled()
      throws Exception {
    var merchant = Merchant.at(hub, "Olga");
    var shell = as(merchant);
    var url = merchant.route(upstream, PRICE);
    var spender = Spender.at(hub, "olga's-customer");
    JsonNode triggered;
    try (var listener = listen(shell)) {
      // The listener is there when it hears of the first of these.
      Eventually.holds(
          "it listens",
          LIMIT,
          () -> {
            listener.mustRun();
            shell.json("trigger", "payout.failed");
            return !receiver.taken.isEmpty();
          });
      triggered = shell.json("trigger", "payout.paid");
      spender.mustPay(url);
      Eventually.holds("it hears of the payment", LIMIT, () -> receiver.has("payment.succeeded"));
      // Else the last one would come twice.
      Eventually.holds("its place is kept", LIMIT, () -> kept().equals(receiver.ids().getLast()));
    }
    assertThat(receiver.ids()).doesNotHaveDuplicates();
    assertThat(receiver.body(triggered.path("id").stringValue())).isEqualTo(triggered);
    var before = receiver.ids();
    for (int i = 0; i < 3; i++) spender.mustPay(url);

    try (var listener = listen(shell, "--resume", "--count", "3")) {
      assertThat(listener.process().waitFor(LIMIT)).isTrue();
      assertThat(listener.out().lines().map(line -> Rest.JSON.readTree(line)))
          .allSatisfy(line -> assertThat(line.path("status").intValue()).isEqualTo(204));
    }
    var missed = receiver.ids().subList(before.size(), receiver.ids().size());
    assertThat(missed).hasSize(3).doesNotContainAnyElementsOf(before).isSorted();
    assertThat(receiver.faults).isEmpty();

    resend(shell, merchant, missed.getFirst());
  }

  /// From here, and from the hub to an endpoint that has come since.
  private void resend(Shell shell, Merchant merchant, String id) throws Exception {
    int before = receiver.ids().size();
    var sent = shell.run("events", "resend", id, "-f", receiver.url(), "--secret", SECRET);
    assertThat(sent.code()).as(sent.out()).isZero();
    assertThat(receiver.ids()).hasSize(before + 1).endsWith(id);
    assertThat(shell.run("events", "resend", id).code()).as("nobody listens").isEqualTo(1);
    Rest.json(
        Rest.post(
            hub.gateway("/v1/webhook_endpoints"),
            merchant.authorized(),
            "{\"url\":\"%s/other\",\"events\":[\"payment.succeeded\"]}".formatted(receiver.url())));
    assertThat(shell.json("events", "resend", id).path("id").stringValue()).isEqualTo(id);
    Eventually.holds("the hub sends it", LIMIT, () -> receiver.others.contains(id));
  }

  @Test
  void whateverGoesWrongHasAnExitCodeOfItsOwn() throws Exception {
    var merchant = Merchant.at(hub, "Petra");
    var stranger = shell(Map.of("MILLRACE_API_KEY", "sk_test_" + "x".repeat(43)));
    assertThat(tail(stranger).code()).isEqualTo(4);
    assertThat(as(merchant).run("trigger", "no.such").code()).isEqualTo(4);
    assertThat(as(merchant).run("payouts", "create", "--amount", "none").code()).isEqualTo(2);
    assertThat(as(merchant).run("payments").code()).isEqualTo(2);
    assertThat(as(merchant).run("payments", "tail", "--url", "127.0.0.1:1").code()).isEqualTo(5);
  }

  /// Goal: whatever the launcher takes can be completed, and the script is one that bash can read.
  @Test
  void everyCommandOfTheLauncherIsCompleted() throws Exception {
    var script = Files.writeString(hub.directory().resolve("completion"), completion());
    var launcher = Files.readString(Path.of("..", "millrace"));
    var cases = Pattern.compile("(?m)^    ([a-z |\\\\\n]+)\\)").matcher(launcher);
    var commands =
        cases.results().flatMap(found -> Stream.of(found.group(1).split("[ |\\\\\n]+"))).toList();
    assertThat(commands).contains("up", "listen", "pay", "bench", "completion");
    assertThat(completed(script, "millrace ''", 1)).containsAll(commands);
    assertThat(completed(script, "millrace listen --f", 2)).contains("--forward-to");
    assertThat(completed(script, "millrace events re", 2)).contains("resend");
    assertThat(completed(script, "millrace bench ''", 2))
        .containsAll(new CommandLine(millrace.bench.Main.class).getSubcommands().keySet());
  }

  private String completion() throws Exception {
    var said = shell(Map.of()).run("completion");
    assertThat(said.code()).isZero();
    return said.out();
  }

  /// What bash offers for the word at that place.
  private static List<String> completed(Path script, String line, int word) throws Exception {
    var program =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_millrace; echo \"${COMPREPLY[@]}\""
            .formatted(script, line, word);
    var bash = new ProcessBuilder("bash", "-c", program).redirectErrorStream(true).start();
    var out = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor()).as(out).isZero();
    return List.of(out.strip().split("\\s+"));
  }

  private Shell.Running listen(Shell shell, String... more) throws IOException {
    var arguments =
        List.of(
            "listen",
            "--forward-to",
            receiver.url(),
            "--secret",
            SECRET,
            "--json",
            "--state",
            state.toString());
    return shell.start(Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private String kept() throws IOException {
    try (var files = Files.list(state)) {
      var file = files.filter(it -> it.toString().endsWith(".last")).findFirst().orElseThrow();
      return Files.readString(file);
    }
  }

  private static Shell.Said tail(Shell shell) throws Exception {
    return shell.run("payments", "tail", "--no-follow", "--json");
  }

  private static List<JsonNode> listed(Shell shell) throws Exception {
    return tail(shell).objects();
  }

  private Merchant merchant(String id, String key) {
    return new Merchant(hub, id, key, Merchant.fresh("nobody").address());
  }

  private static String secretOf(JsonNode made) {
    return made.path("api_key").path("secret").stringValue();
  }

  private Shell as(Merchant merchant) {
    return shell(Map.of("MILLRACE_API_KEY", merchant.apiKey()));
  }

  private Shell shell(Map<String, String> more) {
    var environment = new HashMap<>(more);
    environment.put("MILLRACE_URL", hub.gateway("").toString());
    return new Shell(hub.directory(), environment);
  }

  /// A developer's server, which believes only what is signed.
  private static final class Receiver {
    private final HttpServer server;
    private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
    private final List<String> others = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();

    Receiver() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::take);
      server.start();
    }

    String url() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort()).toString();
    }

    private void take(HttpExchange exchange) throws IOException {
      try (exchange) {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (exchange.getRequestURI().getPath().equals("/other")) {
          others.add(exchange.getRequestHeaders().getFirst("webhook-id"));
        } else {
          verify(exchange, body);
          taken.add(Rest.JSON.readTree(body));
        }
        exchange.sendResponseHeaders(204, -1);
      }
    }

    private void verify(HttpExchange exchange, String body) {
      var headers = new HashMap<String, List<String>>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
      try {
        new Webhook(SECRET).verify(body, headers);
      } catch (WebhookVerificationException e) {
        faults.add(e + " " + body);
      }
    }

    List<String> ids() {
      return taken.stream().map(it -> it.path("id").stringValue()).toList();
    }

    boolean has(String type) {
      return taken.stream().anyMatch(it -> it.path("type").stringValue().equals(type));
    }

    JsonNode body(String id) {
      return taken.stream()
          .filter(it -> it.path("id").stringValue().equals(id))
          .findFirst()
          .orElseThrow();
    }
  }
}
