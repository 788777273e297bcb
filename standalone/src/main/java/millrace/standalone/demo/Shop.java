package millrace.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/// The merchants' own servers, which know nothing of payments: one loopback port, one path each.
/// Counts what it served, so that the demo can compare that with what was paid.
public final class Shop implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, LongAdder> served = new ConcurrentHashMap<>();

  private Shop(HttpServer server) {
    this.server = server;
  }

  /// @param port 0 for any that is free
  public static Shop start(int port) {
    try {
      var loopback = InetAddress.getLoopbackAddress();
      var shop = new Shop(HttpServer.create(new InetSocketAddress(loopback, port), 256));
      shop.server.createContext("/", shop::serve);
      shop.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      shop.server.start();
      return shop;
    } catch (IOException failure) {
      throw new UncheckedIOException("the shop cannot listen on port " + port, failure);
    }
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /// How often each path was served.
  Map<String, Long> served() {
    var counts = new TreeMap<String, Long>();
    served.forEach((path, count) -> counts.put(path, count.sum()));
    return counts;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var path = exchange.getRequestURI().getPath();
      served.computeIfAbsent(path, _ -> new LongAdder()).increment();
      byte[] body = ("{\"goods\":\"" + path.replaceAll("[^a-z/]", "") + "\"}").getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
