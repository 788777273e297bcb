package millrace.chain.rpc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A node that answers what it is told to, to batches in reverse order, and can be made to fail.
final class FakeNode implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> BESIDES = Set.of("eth_chainId", "eth_blockNumber");

  private final HttpServer server;
  private final Map<String, Object> results = new HashMap<>();
  private final Map<String, Map<String, Object>> errors = new HashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile int status = 200;

  FakeNode(long chainId) throws IOException {
    results.put("eth_chainId", Quantity.encode(chainId));
    results.put("eth_blockNumber", "0x1");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  FakeNode result(String method, Object result) {
    results.put(method, result);
    return this;
  }

  FakeNode error(String method, int code, String message) {
    errors.put(method, Map.of("code", code, "message", message));
    return this;
  }

  void failWith(int httpStatus) {
    status = httpStatus;
  }

  /// Beside those by which nodes are compared.
  int requests() {
    return requests.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var request = JSON.readTree(exchange.getRequestBody().readAllBytes());
    if (!BESIDES.contains(request.path("method").asString(""))) requests.incrementAndGet();
    Object body = request.isArray() ? all(request) : one(request);
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private List<Object> all(JsonNode requests) {
    var answers = new ArrayList<Object>();
    for (var request : requests.values()) answers.add(one(request));
    Collections.reverse(answers);
    return answers;
  }

  private Map<String, Object> one(JsonNode request) {
    var method = request.path("method").asString();
    var answer = new HashMap<String, Object>();
    answer.put("jsonrpc", "2.0");
    answer.put("id", request.path("id").asInt());
    var error = errors.get(method);
    if (error == null) {
      answer.put("result", results.getOrDefault(method, parameter(request)));
    } else {
      answer.put("error", error);
    }
    return answer;
  }

  /// Without an answer of its own a call is answered with its own data.
  private static Object parameter(JsonNode request) {
    return request.path("params").path(0).path("data").asString("0x");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
