package millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// Says what it is told to say and remembers what it was asked. For what a real hub does not do at
/// a test's bidding: fall silent, hang up, be overloaded.
final class FakeHub implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Queue<Handler>> replies = new ConcurrentHashMap<>();
  final List<Asked> asked = new CopyOnWriteArrayList<>();

  @FunctionalInterface
  interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  record Asked(String what, Map<String, List<String>> headers, String body) {
    String header(String name) {
      var values = headers.get(name);
      return values == null ? "" : values.getFirst();
    }
  }

  FakeHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The next time it is asked this it says that; the last one stays.
  FakeHub on(String what, int status, String body) {
    return on(
        what,
        exchange -> {
          var bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  FakeHub on(String what, Handler handler) {
    replies.computeIfAbsent(what, _ -> new ArrayDeque<>()).add(handler);
    return this;
  }

  /// A stream that sends these frames and hangs up.
  FakeHub streams(String what, String... frames) {
    return on(
        what,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (var frame : frames) exchange.getResponseBody().write(frame.getBytes(UTF_8));
          exchange.getResponseBody().flush();
        });
  }

  static String frame(String id, String type) {
    var body = "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"data\":{\"amount\":\"7\"}}";
    return "id:" + id + "\nevent:" + type + "\ndata:" + body + "\n\n";
  }

  List<Asked> asked(String what) {
    return asked.stream().filter(it -> it.what().equals(what)).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      asked.add(new Asked(what, Map.copyOf(exchange.getRequestHeaders()), body));
      var queue = replies.getOrDefault(what, new ArrayDeque<>());
      Handler handler;
      synchronized (queue) {
        handler = queue.size() > 1 ? queue.poll() : queue.peek();
      }
      if (handler == null) exchange.sendResponseHeaders(404, -1);
      else handler.answer(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
