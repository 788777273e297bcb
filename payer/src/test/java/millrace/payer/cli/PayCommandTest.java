package millrace.payer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import millrace.payer.FakeHub;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayCommandTest {
  @TempDir Path directory;

  private final FakeHub hub = new FakeHub();
  private final List<String> seen = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  private HttpServer server;
  private Path keyFile;

  PayCommandTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keyFile = Path.of("unset");
  }

  @BeforeEach
  void start() throws IOException {
    keyFile = Files.writeString(directory.resolve("key"), FakeHub.ALICE.secret() + "\n");
    server.createContext("/", this::serve);
    server.start();
    System.setOut(new PrintStream(out, true, UTF_8));
    System.setErr(new PrintStream(err, true, UTF_8));
  }

  @AfterEach
  void stop() {
    System.setOut(realOut);
    System.setErr(realErr);
    server.stop(0);
  }

  @Test
  void theBodyIsOnStandardOutputAndTheRestOnStandardError() {
    assertThat(pay(url())).isEqualTo(0);
    assertThat(out.toString(UTF_8)).isEqualTo("content");
    assertThat(err.toString(UTF_8)).contains("deposited 10000").contains("paid 1000");
  }

  @Test
  void withJsonTheReceiptAndTheBodyAreOneObject() {
    assertThat(pay("--json", "-q", url())).isEqualTo(0);
    assertThat(out.toString(UTF_8))
        .startsWith("{\"outcome\":\"paid\"")
        .contains("\"charged\":\"1000\"")
        .contains("\"body\":\"content\"");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void theNextCommandPaysFromTheSameChannel() {
    assertThat(pay(url())).isEqualTo(0);
    assertThat(pay(url())).isEqualTo(0);
    assertThat(hub.charged).isEqualTo(Amount.of(2000));
    assertThat(pay("channels")).isEqualTo(0);
    assertThat(out.toString(UTF_8)).contains("paid 2000  left 8000");
  }

  @Test
  void methodBodyAndHeadersAreSent() {
    assertThat(pay("-d", "hello", "-H", "X-Colour: green", url())).isEqualTo(0);
    assertThat(seen).containsExactly("POST green hello", "POST green hello", "POST green hello");
  }

  @Test
  void aLimitIsAnExitCodeOfItsOwn() {
    assertThat(pay("--max-amount", "999", url())).isEqualTo(3);
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(err.toString(UTF_8)).contains("above the limit");
  }

  @Test
  void aHubThatCannotBeReachedIsAnExitCodeOfItsOwn() {
    server.stop(0);
    assertThat(pay(url())).isEqualTo(5);
  }

  @Test
  void aRefundAndATopUpAreCommands() {
    assertThat(pay(url())).isEqualTo(0);
    assertThat(pay("topup", "--amount", "20000", url())).isEqualTo(0);
    out.reset();
    assertThat(pay("refund", "--json", "--amount", "500", url())).isEqualTo(0);
    assertThat(out.toString(UTF_8))
        .contains("\"outcome\":\"refunded\"")
        .contains("\"available\":\"27500\"");
  }

  @Test
  void aLostStoreIsRecovered() throws IOException {
    assertThat(pay(url())).isEqualTo(0);
    try (var files = Files.list(directory.resolve("store"))) {
      for (var file : files.toList()) Files.delete(file);
    }
    assertThat(pay("recover", url())).isEqualTo(0);
    assertThat(out.toString(UTF_8)).contains("paid 1000  left 9000");
  }

  @Test
  void toLeaveWithoutAChainIsDeclined() {
    assertThat(pay(url())).isEqualTo(0);
    assertThat(pay("withdraw", "--start")).isEqualTo(3);
    assertThat(pay("withdraw")).isEqualTo(2);
  }

  @Test
  void wrongUsageIsSaidAndNothingIsSent() {
    assertThat(pay()).isEqualTo(2);
    assertThat(PayCommand.commandLine().execute("--key", "0x12", url())).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("no URL").contains("the key is not 32 bytes");
    assertThat(seen).isEmpty();
  }

  private int pay(String... arguments) {
    var subcommand =
        arguments.length > 0 && !arguments[0].startsWith("-") && !arguments[0].contains(":");
    var common =
        List.of("--key-file", keyFile.toString(), "--store", directory.resolve("store").toString());
    var all =
        subcommand
            ? Stream.of(Stream.of(arguments[0]), common.stream(), Stream.of(arguments).skip(1))
                .flatMap(part -> part)
            : Stream.concat(common.stream(), Stream.of(arguments));
    return PayCommand.commandLine().execute(all.toArray(String[]::new));
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/x";
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      var colour = exchange.getRequestHeaders().getFirst("X-Colour");
      seen.add(exchange.getRequestMethod() + " " + colour + " " + body);
      var request = HttpRequest.newBuilder(URI.create("http://hub/x"));
      var payment = exchange.getRequestHeaders().getFirst("PAYMENT-SIGNATURE");
      if (payment != null) request.header("PAYMENT-SIGNATURE", payment);
      var answer = hub.send(request.build());
      answer
          .headers()
          .map()
          .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }
}
