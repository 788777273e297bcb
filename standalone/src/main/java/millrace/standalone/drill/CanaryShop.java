package millrace.standalone.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import millrace.protocol.type.Amount;
import millrace.standalone.demo.HubApi;

/// A merchant that sells nothing: it answers 402 and has the hub take what comes. On loopback, for
/// the payer in the same process.
final class CanaryShop implements AutoCloseable {
  private final HttpServer server;
  private final HubApi merchant;
  private final Amount price;
  private volatile Optional<String> payment = Optional.empty();

  private CanaryShop(HttpServer server, HubApi merchant, Amount price) {
    this.server = server;
    this.merchant = merchant;
    this.price = price;
  }

  /// @param merchant the hub, asked with the canary merchant's key
  static CanaryShop open(HubApi merchant, Amount price) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
      var shop = new CanaryShop(server, merchant, price);
      server.createContext("/", shop::serve);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      return shop;
    } catch (IOException failure) {
      throw new UncheckedIOException("the canary's shop cannot listen", failure);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/canary");
  }

  /// The id of the last payment that the hub took.
  Optional<String> payment() {
    return payment;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var signature = exchange.getRequestHeaders().getFirst("PAYMENT-SIGNATURE");
      if (signature == null) {
        ask(exchange);
      } else {
        take(exchange, signature);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException failure) {
      answer(exchange, 502, String.valueOf(failure.getMessage()));
    }
  }

  private void ask(HttpExchange exchange) throws IOException, InterruptedException {
    var asked = merchant.post("/v1/payment_requirements", order(Map.of()));
    exchange
        .getResponseHeaders()
        .add("PAYMENT-REQUIRED", asked.get("payment_required").stringValue());
    answer(exchange, 402, "");
  }

  private void take(HttpExchange exchange, String signature)
      throws IOException, InterruptedException {
    var taken = merchant.post("/v1/payments", order(Map.of("payment_signature", signature)));
    payment = Optional.of(taken.get("id").stringValue());
    exchange
        .getResponseHeaders()
        .add("PAYMENT-RESPONSE", taken.get("payment_response").stringValue());
    answer(exchange, 200, "chirp");
  }

  private Map<String, Object> order(Map<String, Object> more) {
    var order = new HashMap<String, Object>(more);
    order.put("amount", price.toString());
    order.put("resource", Map.of("url", url().toString()));
    return order;
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
