package millrace.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/// A partner that receives webhooks: checks every signature and counts each event once.
final class Partner implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Webhook> secrets = new ConcurrentHashMap<>();
  private final Set<String> received = ConcurrentHashMap.newKeySet();
  private final LongAdder forged = new LongAdder();

  private Partner(HttpServer server) {
    this.server = server;
  }

  static Partner start() {
    try {
      var loopback = InetAddress.getLoopbackAddress();
      var partner = new Partner(HttpServer.create(new InetSocketAddress(loopback, 0), 256));
      partner.server.createContext("/", partner::receive);
      partner.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      partner.server.start();
      return partner;
    } catch (IOException failure) {
      throw new UncheckedIOException("the partner cannot listen", failure);
    }
  }

  String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  void trust(String name, String secret) {
    secrets.put("/" + name, new Webhook(secret));
  }

  int received() {
    return received.size();
  }

  long forged() {
    return forged.sum();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      exchange.sendResponseHeaders(isGenuine(exchange, body) ? 204 : 401, -1);
    }
  }

  private boolean isGenuine(HttpExchange exchange, String body) {
    var path = exchange.getRequestURI().getPath();
    var webhook = secrets.get(path);
    if (webhook == null) return false;
    try {
      webhook.verify(body, headers(exchange));
      received.add(path + exchange.getRequestHeaders().getFirst("webhook-id"));
      return true;
    } catch (WebhookVerificationException forgery) {
      forged.increment();
      return false;
    }
  }

  private static HttpHeaders headers(HttpExchange exchange) {
    Map<String, List<String>> lowerCase = new ConcurrentHashMap<>();
    exchange.getRequestHeaders().forEach(lowerCase::put);
    return HttpHeaders.of(lowerCase, (_, _) -> true);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
