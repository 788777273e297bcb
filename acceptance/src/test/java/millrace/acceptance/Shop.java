package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import millrace.protocol.type.Amount;
import tools.jackson.databind.JsonNode;

/// A merchant's own server, which asks for payments itself and takes them by the API, as holds.
final class Shop implements AutoCloseable {
  private final Merchant merchant;
  private final Amount price;
  private final HttpServer server;
  private final List<JsonNode> held = new CopyOnWriteArrayList<>();

  Shop(Merchant merchant, Amount price) {
    this.merchant = merchant;
    this.price = price;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no shop", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/order");
  }

  /// The payments that it took, as the API answered.
  List<JsonNode> held() {
    return held;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var signature = exchange.getRequestHeaders().getFirst("PAYMENT-SIGNATURE");
      if (signature == null) {
        ask(exchange);
      } else {
        take(exchange, signature);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(HttpExchange exchange) throws IOException, InterruptedException {
    var body = Map.of("amount", price.toString(), "resource", Map.of("url", url().toString()));
    var required = Rest.json(post("/v1/payment_requirements", body));
    answer(exchange, 402, "PAYMENT-REQUIRED", required.path("payment_required").stringValue());
  }

  private void take(HttpExchange exchange, String signature)
      throws IOException, InterruptedException {
    var response =
        post(
            "/v1/payments",
            Map.of(
                "payment_signature",
                signature,
                "amount",
                price.toString(),
                "resource",
                Map.of("url", url().toString()),
                "capture",
                "manual"));
    var payment = Rest.JSON.readTree(response.body());
    if (response.statusCode() == 402) {
      answer(exchange, 402, "PAYMENT-REQUIRED", payment.path("payment_required").stringValue());
      return;
    }
    held.add(Rest.json(response));
    answer(exchange, 200, "PAYMENT-RESPONSE", payment.path("payment_response").stringValue());
  }

  private HttpResponse<String> post(String path, Object body)
      throws IOException, InterruptedException {
    return Rest.post(
        merchant.hub().gateway(path), merchant.authorized(), Rest.JSON.writeValueAsString(body));
  }

  private static void answer(HttpExchange exchange, int status, String header, String value)
      throws IOException {
    var body = "{}".getBytes(UTF_8);
    exchange.getResponseHeaders().set(header, value);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
