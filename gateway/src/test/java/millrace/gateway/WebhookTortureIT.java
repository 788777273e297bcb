package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.embedded.FreePort;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// One merchant's receiver behaves, and all the others do what receivers do.
class WebhookTortureIT {
  private static final int CHANNELS = 12;
  private static final int EACH = 10;
  private static final AtomicInteger PAYMENTS = new AtomicInteger(2_000_000);

  private final Map<String, Instant> arrived = new ConcurrentHashMap<>();
  private final Map<String, Instant> published = new ConcurrentHashMap<>();
  private final List<String> inside = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void hostileReceiversHarmNobodyElse() throws Exception {
    var database = TestPostgres.freshDatabase();
    try (var inner = server("127.0.0.2");
        var gateway = new GatewayFixture(database, settings());
        var events = new TestEvents()) {
      gateway.upstream.handler = this::answer;
      var healthy = merchant(gateway, "/healthy");
      var others = new ArrayList<Account>();
      for (var kind :
          List.of(
              "/slow", "/drip", "/flood", "/redirect", "/rebind", "/failing", "/gone", "/dead")) {
        for (int i = 0; i < 3; i++) others.add(merchant(gateway, kind));
      }
      // This one has died: nobody listens there any more.
      others.add(merchant(gateway, "http://127.0.0.1:" + FreePort.any(), "/died"));
      rebind(database, inner.url());
      for (int number = 0; number < EACH; number++) {
        for (var other : others) publish(events, other, Payer.fresh());
      }
      var payers = new ArrayList<Payer>();
      for (int i = 0; i < CHANNELS; i++) payers.add(Payer.fresh());
      for (int number = 0; number < EACH; number++) {
        for (var payer : payers) publish(events, healthy, payer);
      }

      await().atMost(Duration.ofMinutes(1)).until(() -> arrived.size() == CHANNELS * EACH);

      var slowest =
          arrived.entrySet().stream()
              .map(it -> Duration.between(published.get(it.getKey()), it.getValue()))
              .max(Duration::compareTo)
              .orElseThrow();
      assertThat(slowest).isLessThan(Duration.ofSeconds(20));
      assertThat(inside).as("reached what is inside").isEmpty();
      recovers(gateway, others);
      assertThat(status(gateway, others.get(18))).isEqualTo("disabled");
      assertThat(status(gateway, others.get(12))).isEqualTo("failing");
      assertThat(status(gateway, others.get(9))).isEqualTo("failing");
      assertThat(status(gateway, others.getLast())).isEqualTo("failing");
    }
  }

  /// The receiver that failed for a while takes everything in the end.
  private static void recovers(GatewayFixture gateway, List<Account> others) {
    var failing = others.get(15);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              var endpoint = list(gateway, failing, "/v1/webhook_endpoints").get(0);
              var path = "/v1/webhook_endpoints/" + endpoint.get("id").stringValue();
              return list(gateway, failing, path + "/deliveries?status=delivered").size() == EACH;
            });
  }

  private static Map<String, Object> settings() {
    return Map.of(
        "millrace.gateway.webhooks.retry-delays", "500ms,1s,2s,3s,4s,5s,10s,20s",
        "millrace.gateway.webhooks.timeout", "5s",
        "millrace.gateway.webhooks.lease", "1s",
        "millrace.gateway.webhooks.concurrency", "8",
        "millrace.gateway.webhooks.slow-concurrency", "8",
        "millrace.gateway.webhooks.endpoint-concurrency", "4");
  }

  private void answer(HttpExchange exchange, Upstream.Request request) throws IOException {
    var path = request.uri();
    if (path.startsWith("/healthy")) {
      var data = GatewayFixture.JSON.readTree(request.body()).get("data");
      arrived.putIfAbsent(data.get("id").stringValue(), Instant.now());
      Upstream.answer(exchange, 204, "");
    } else if (path.startsWith("/slow")) {
      sleep(20_000);
    } else if (path.startsWith("/drip")) {
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 100; i++) {
        exchange.getResponseBody().write('x');
        exchange.getResponseBody().flush();
        sleep(200);
      }
    } else if (path.startsWith("/flood")) {
      exchange.sendResponseHeaders(200, 0);
      while (true) exchange.getResponseBody().write(new byte[100_000]);
    } else if (path.startsWith("/redirect")) {
      exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest/meta-data");
      Upstream.answer(exchange, 302, "");
    } else if (path.startsWith("/failing")) {
      Upstream.answer(exchange, calls.incrementAndGet() < 40 ? 500 : 204, "");
    } else if (path.startsWith("/gone")) {
      Upstream.answer(exchange, 410, "");
    } else {
      // Hangs up in the middle.
      exchange.close();
    }
  }

  /// What a name meant when the endpoint was registered it means no more.
  private static void rebind(TestDatabase database, String url) throws SQLException {
    try (var connection = database.connect();
        var statement =
            connection.prepareStatement(
                "UPDATE webhook_endpoint SET url = ? WHERE url LIKE '%/rebind'")) {
      statement.setString(1, url);
      assertThat(statement.executeUpdate()).isEqualTo(3);
    }
  }

  private Inner server(String address) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          inside.add(exchange.getRequestURI().toString());
          Upstream.answer(exchange, 200, "");
          exchange.close();
        });
    server.start();
    return new Inner(server);
  }

  private static Account merchant(GatewayFixture gateway, String path) {
    return merchant(gateway, gateway.upstream.url(), path);
  }

  private static Account merchant(GatewayFixture gateway, String server, String path) {
    var account = gateway.merchant();
    var made =
        gateway.post(
            account,
            "/v1/webhook_endpoints",
            "{\"url\":\"%s%s\",\"events\":[\"payment.succeeded\"]}".formatted(server, path));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return account;
  }

  private static String status(GatewayFixture gateway, Account account) {
    return list(gateway, account, "/v1/webhook_endpoints").get(0).get("status").stringValue();
  }

  private static JsonNode list(GatewayFixture gateway, Account account, String path) {
    return json(gateway.get(account, path)).get("data");
  }

  private void publish(TestEvents events, Account merchant, Payer payer) {
    int number = PAYMENTS.incrementAndGet();
    var id = new PaymentId("pay_%026d".formatted(number));
    var amount = Amount.of(10);
    published.put(id.value(), Instant.now());
    events.publish(
        new PaymentAccepted(
            id,
            payer.channelId(),
            payer.channel(),
            new MerchantId(merchant.id()),
            amount,
            amount,
            payer.keys().voucher(Payer.offer(10), payer.channel(), amount).voucher(),
            number,
            "http://shop.example/7",
            Instant.now()));
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Inner(HttpServer server) implements AutoCloseable {
    String url() {
      return "http://127.0.0.2:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
