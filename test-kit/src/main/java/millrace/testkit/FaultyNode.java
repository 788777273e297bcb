package millrace.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Stands before a real node and has its bad days: it hangs, lies, lags behind, or loses what it
/// was told. Without a fault it passes everything on.
public final class FaultyNode implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI node;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile @Nullable Long frozenAt;

  /// Answers one request, with or without asking the node.
  @FunctionalInterface
  public interface Fault {
    JsonNode answer(JsonNode request, UnaryOperator<JsonNode> node);
  }

  public FaultyNode(String nodeUrl) {
    node = URI.create(nodeUrl);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// From now on requests of that method are answered so.
  public void on(String method, Fault fault) {
    faults.put(method, fault);
  }

  /// The node's result, changed.
  public void lie(String method, UnaryOperator<JsonNode> change) {
    on(
        method,
        (request, real) -> {
          var answer = (ObjectNode) real.apply(request);
          var result = answer.get("result");
          return result == null ? answer : answer.set("result", change.apply(result));
        });
  }

  /// Every request hangs until [#heal()].
  public void stall() {
    gate = new CountDownLatch(1);
  }

  /// Ends the hanging and no other fault.
  public void resume() {
    gate.countDown();
  }

  /// It knows no block after this one.
  public void freezeAt(long block) {
    frozenAt = block;
  }

  /// Ends all faults, and answers what hangs.
  public void heal() {
    faults.clear();
    frozenAt = null;
    gate.countDown();
  }

  /// How many requests of that method came, answered or not.
  public long count(String method) {
    return counter(method).get();
  }

  /// The same of all methods.
  public long count() {
    return counts.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /// An answer without asking the node.
  public static JsonNode result(JsonNode request, JsonNode value) {
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", request.get("id"));
    answer.set("result", value);
    return answer;
  }

  public static JsonNode error(JsonNode request, String message) {
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", request.get("id"));
    answer.putObject("error").put("code", -32000).put("message", message);
    return answer;
  }

  /// As a result: the node knows no such thing.
  public static JsonNode nothing() {
    return JSON.nullNode();
  }

  public static JsonNode text(String value) {
    return JSON.getNodeFactory().stringNode(value);
  }

  public static ArrayNode emptyList() {
    return JSON.createArrayNode();
  }

  private AtomicLong counter(String method) {
    return counts.computeIfAbsent(method, _ -> new AtomicLong());
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      JsonNode answer;
      if (request.isArray()) {
        var all = emptyList();
        for (var one : request.values()) all.add(answer(one));
        answer = all;
      } else {
        answer = answer(request);
      }
      byte[] bytes = JSON.writeValueAsBytes(answer);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private JsonNode answer(JsonNode request) {
    var method = request.path("method").asString();
    counter(method).incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(request, "interrupted");
    }
    UnaryOperator<JsonNode> behind = this::behind;
    var fault = faults.get(method);
    return fault == null ? behind.apply(request) : fault.answer(request, behind);
  }

  /// What the node says, or said when it was frozen.
  private JsonNode behind(JsonNode request) {
    var frozen = frozenAt;
    if (frozen == null) return forward(request);
    var method = request.path("method").asString();
    if (method.equals("eth_blockNumber")) return result(request, text(hex(frozen)));
    var past = (ObjectNode) JSON.readTree(request.toString());
    var parameters = past.path("params");
    for (int i = 0; i < parameters.size(); i++) {
      var text = parameters.get(i).asString("");
      if (text.equals("latest") || text.equals("pending")) {
        ((ArrayNode) parameters).set(i, text(hex(frozen)));
      }
    }
    var answer = forward(past);
    var number = answer.path("result").path("number").asString("");
    var block = answer.path("result").path("blockNumber").asString(number);
    boolean later = block.startsWith("0x") && Long.parseLong(block.substring(2), 16) > frozen;
    return later ? result(request, nothing()) : answer;
  }

  private JsonNode forward(JsonNode request) {
    var post =
        HttpRequest.newBuilder(node)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
            .build();
    try {
      return JSON.readTree(http.send(post, HttpResponse.BodyHandlers.ofByteArray()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(request, "interrupted");
    }
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
