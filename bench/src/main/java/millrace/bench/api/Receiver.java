package millrace.bench.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// A partner's server that takes every webhook at once and notes how old its payment is.
final class Receiver implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int DIGITS = 3;
  private static final String CREATED = "\"created_at\":\"";

  private final HttpServer server;
  private final Set<String> messages = ConcurrentHashMap.newKeySet();
  private volatile Histogram micros = new ConcurrentHistogram(DIGITS);
  private volatile long lastNanos;

  Receiver() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.create(address, BACKLOG);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks");
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var now = Instant.now();
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (messages.add(exchange.getRequestHeaders().getFirst("webhook-id"))) {
        int start = body.indexOf(CREATED) + CREATED.length();
        var created = Instant.parse(body.substring(start, body.indexOf('"', start)));
        long age = Math.max(0, Duration.between(created, now).toNanos() / 1_000);
        micros.recordValue(age);
        lastNanos = System.nanoTime();
      }
      exchange.sendResponseHeaders(204, -1);
    }
  }

  /// Different messages so far.
  int count() {
    return messages.size();
  }

  /// When the newest of them came.
  long lastNanos() {
    return lastNanos;
  }

  /// From the payment's commit to its first attempt, since the last call.
  Histogram ages() {
    var ages = micros;
    micros = new ConcurrentHistogram(DIGITS);
    return ages;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
