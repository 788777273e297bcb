package millrace.bench.tower;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A node with many more blocks than its chain: after one of the chain's blocks it plays as many as
/// are wanted, linked and empty, and then the chain goes on. To mine them would take minutes.
final class PlayedBlocks implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Of the hashes of played blocks.
  private static final String MARK = "0x706c61796564";

  private static final int HASH_LETTERS = 66;

  private final URI chain;
  private final long after;
  private final long count;
  private final ObjectNode last;
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer server;

  /// @param after the block that the first of them follows
  PlayedBlocks(URI chain, long after, long count) {
    this.chain = chain;
    this.after = after;
    this.count = count;
    this.last = (ObjectNode) ask("eth_getBlockByNumber", hex(after));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no port for a node", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private JsonNode ask(String method, String block) {
    var request = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 0).put("method", method);
    request.putArray("params").add(block).add(false);
    return forwarded(request).path("result");
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
      byte[] bytes = JSON.writeValueAsBytes(asked.isArray() ? all((ArrayNode) asked) : one(asked));
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /// What is of the chain goes to it together.
  private ArrayNode all(ArrayNode asked) {
    var answers = JSON.createArrayNode();
    var others = JSON.createArrayNode();
    for (var request : asked.values()) {
      if (isPlayed(request)) answers.add(played(request));
      else others.add(real((ObjectNode) request));
    }
    if (!others.isEmpty()) {
      for (var answer : forwarded(others).values()) answers.add(shifted(answer));
    }
    return answers;
  }

  private JsonNode one(JsonNode request) {
    return isPlayed(request) ? played(request) : shifted(forwarded(real((ObjectNode) request)));
  }

  private static String method(JsonNode request) {
    return request.path("method").asString();
  }

  private boolean isPlayed(JsonNode request) {
    var block = request.path("params").path(0);
    return switch (method(request)) {
      case "eth_getBlockByNumber" -> isPlayed(block.asString(""));
      case "eth_getBlockByHash" -> block.asString("").startsWith(MARK);
      case "eth_getLogs", "eth_getBlockReceipts" ->
          block.path("blockHash").asString("").startsWith(MARK);
      default -> false;
    };
  }

  private boolean isPlayed(String number) {
    if (!number.startsWith("0x")) return false;
    long block = Long.decode(number);
    return block > after && block <= after + count;
  }

  private ObjectNode played(JsonNode request) {
    var block = request.path("params").path(0);
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", request.path("id"));
    answer.set(
        "result",
        switch (method(request)) {
          case "eth_getBlockByNumber" -> block(Long.decode(block.asString()));
          case "eth_getBlockByHash" -> block(number(block.asString()));
          default -> JSON.createArrayNode();
        });
    return answer;
  }

  private ObjectNode block(long number) {
    var block = last.deepCopy();
    block.put("number", hex(number));
    block.put("hash", hash(number));
    block.put("parentHash", number == after + 1 ? last.path("hash").asString() : hash(number - 1));
    block.put("logsBloom", "0x" + "00".repeat(256));
    block.putArray("transactions");
    return block;
  }

  private static String hash(long number) {
    var digits = Long.toHexString(number);
    return MARK + "0".repeat(HASH_LETTERS - MARK.length() - digits.length()) + digits;
  }

  private static long number(String hash) {
    return Long.parseLong(hash.substring(MARK.length()), 16);
  }

  /// The request with the block numbers that the chain knows. The state after a played block is
  /// that of the last one before.
  private ObjectNode real(ObjectNode request) {
    var parameters = (ArrayNode) request.path("params");
    for (int i = 0; i < parameters.size(); i++) {
      var parameter = parameters.get(i);
      boolean isBlock = i > 0 || method(request).equals("eth_getBlockByNumber");
      if (isBlock && parameter.isString() && parameter.asString().startsWith("0x")) {
        parameters.set(i, JSON.getNodeFactory().stringNode(real(parameter.asString())));
      }
      if (parameter.path("blockHash").asString("").startsWith(MARK)) {
        ((ObjectNode) parameter).set("blockHash", last.path("hash"));
      }
    }
    return request;
  }

  private String real(String number) {
    long block = Long.decode(number);
    return block <= after ? number : hex(Math.max(after, block - count));
  }

  private JsonNode shifted(JsonNode answer) {
    var result = answer.path("result");
    if (result.isArray()) result.values().forEach(this::shift);
    else shift(result);
    return answer;
  }

  private void shift(JsonNode node) {
    if (!(node instanceof ObjectNode object)) return;
    for (var field : new String[] {"number", "blockNumber"}) {
      var number = object.path(field).asString("");
      if (!number.startsWith("0x") || Long.decode(number) <= after) continue;
      if (field.equals("number") && Long.decode(number) == after + 1) {
        object.put("parentHash", hash(after + count));
      }
      object.put(field, hex(Long.decode(number) + count));
    }
    object.path("logs").values().forEach(this::shift);
  }

  private JsonNode forwarded(JsonNode body) {
    var request =
        HttpRequest.newBuilder(chain)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    try {
      return JSON.readTree(http.send(request, BodyHandlers.ofByteArray()).body());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from the chain", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("was not waited for", e);
    }
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
