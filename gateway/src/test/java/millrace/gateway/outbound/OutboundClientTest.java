package millrace.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.gateway.outbound.AddressRuleTest.Names;
import millrace.gateway.outbound.OutboundException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboundClientTest {
  /// Much longer than what is measured takes on a machine with other things to do, and shorter than
  /// whoever is not cut off would take.
  private static final Duration LONG = Duration.ofSeconds(15);

  private final AtomicInteger hits = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          hits.incrementAndGet();
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          boolean drips = exchange.getRequestURI().getPath().equals("/drip");
          exchange.sendResponseHeaders(drips ? 200 : 302, drips ? 0 : -1);
          try {
            for (int i = 0; drips && i < 1_000; i++) {
              exchange.getResponseBody().write('x');
              exchange.getResponseBody().flush();
              Thread.sleep(50);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.createContext("/flood", OutboundClientTest::flood);
    server.start();
  }

  private static void flood(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      while (true) exchange.getResponseBody().write(new byte[1_000]);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aBlockedAddressIsNeverConnectedTo() throws IOException {
    try (var client = new OutboundClient(new AddressRule(List.of(), new Names(Map.of())))) {
      assertThatThrownBy(() -> client.send(call("127.0.0.1", "/", false)))
          .isInstanceOfSatisfying(
              OutboundException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BLOCKED));
    }
    assertThat(hits).hasValue(0);
  }

  @Test
  void whereOnlyNamedAddressesMayBeCalledThePublicInternetMayNot() throws IOException {
    var names = new Names(Map.of("shop.example", "93.184.216.34"));
    try (var client = new OutboundClient(new AddressRule(List.of("127.0.0.1"), names))) {
      assertThatThrownBy(() -> client.send(call("shop.example", "/", true)))
          .isInstanceOfSatisfying(
              OutboundException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BLOCKED));
    }
  }

  @Test
  void aNameThatTurnsInwardIsNotFollowed() throws IOException {
    var names = new Names(new HashMap<>(Map.of("shop.example", "127.0.0.1")));
    try (var client = new OutboundClient(new AddressRule(List.of(), names))) {
      assertThatThrownBy(() -> client.send(call("shop.example", "/", false)))
          .isInstanceOfSatisfying(
              OutboundException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BLOCKED));
    }
    assertThat(hits).hasValue(0);
  }

  @Test
  void aRedirectIsAnAnswerAndNotAnOrder() throws Exception {
    try (var client = development()) {
      var answer = client.send(call("127.0.0.1", "/", true));
      assertThat(answer.status()).isEqualTo(302);
    }
    assertThat(hits).hasValue(1);
  }

  @Test
  void whoeverDripsIsCutOff() throws Exception {
    try (var client = development()) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> client.send(call("127.0.0.1", "/drip", false)))
          .isInstanceOfSatisfying(
              OutboundException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
    }
  }

  @Test
  void ofAnAnswerWithoutAnEndTheBeginningIsTaken() throws Exception {
    try (var client = development()) {
      long start = System.nanoTime();
      var answer = client.send(cut(call("127.0.0.1", "/flood", false), LONG.multipliedBy(2)));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body().length()).isEqualTo(1_000);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
    }
  }

  private static OutboundCall cut(OutboundCall call, Duration deadline) {
    return new OutboundCall(
        call.method(),
        call.url(),
        call.headers(),
        call.body(),
        call.onlyNamed(),
        deadline,
        call.maxBytes(),
        OutboundCall.Excess.CUT);
  }

  private static OutboundClient development() {
    return new OutboundClient(new AddressRule(List.of("127.0.0.1"), new Names(Map.of())));
  }

  private OutboundCall call(String host, String path, boolean onlyNamed) {
    return new OutboundCall(
        "GET",
        URI.create("http://" + host + ":" + server.getAddress().getPort() + path),
        List.of(),
        Body.EMPTY,
        onlyNamed,
        Duration.ofSeconds(1),
        1_000,
        OutboundCall.Excess.REFUSE);
  }
}
