package millrace.chain.follower;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Hex;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Plays back a chain of any length: linked blocks, every tenth with a log of one contract, in the
/// form in which a node told of a real one. A block is worked out when it is asked for.
final class ReplayNode implements AutoCloseable {
  static final int LOG_EVERY = 10;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String EMPTY_BLOOM = "0x" + "00".repeat(256);

  private final HttpServer server;
  private final long length;
  private final Address contract;
  private final String bloom;
  private final AtomicLong asked = new AtomicLong();

  /// Of the blocks told of last: logs are asked for by hash.
  private final Map<String, Long> numbers = new ConcurrentHashMap<>();

  ReplayNode(long length, Address contract) throws IOException {
    this.length = length;
    this.contract = contract;
    this.bloom = bloomOf(contract);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// The highest block that anybody asked for.
  long asked() {
    return asked.get();
  }

  static Bytes32 hash(long number) {
    return Bytes32.of(Keccak.hash(ByteBuffer.allocate(16).putLong(1).putLong(number).array()));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      Object answer;
      if (request.isArray()) {
        var all = new ArrayList<Object>();
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

  private Map<String, Object> answer(JsonNode request) {
    var answer = new HashMap<String, Object>();
    answer.put("jsonrpc", "2.0");
    answer.put("id", request.path("id").asInt());
    answer.put("result", result(request.path("method").asString(), request.path("params").path(0)));
    return answer;
  }

  private @Nullable Object result(String method, JsonNode parameter) {
    return switch (method) {
      case "eth_chainId" -> "0x5";
      case "eth_getBlockByNumber" ->
          parameter.asString().equals("latest")
              ? block(length)
              : block(Long.parseLong(parameter.asString().substring(2), 16));
      case "eth_getLogs" -> logs(parameter.path("blockHash").asString());
      default -> throw new IllegalArgumentException(method);
    };
  }

  private @Nullable Object block(long number) {
    if (number > length) return null;
    if (number < length) asked.accumulateAndGet(number, Math::max);
    numbers.put(hash(number).toString(), number);
    return Map.of(
        "number",
        hex(number),
        "hash",
        hash(number).toString(),
        "parentHash",
        hash(number - 1).toString(),
        "timestamp",
        hex(1_700_000_000 + 2 * number),
        "baseFeePerGas",
        "0x3b9aca00",
        "logsBloom",
        hasLog(number) ? bloom : EMPTY_BLOOM);
  }

  private List<Object> logs(String blockHash) {
    var number = numbers.remove(blockHash);
    if (number == null || !hasLog(number)) return List.of();
    return List.of(
        Map.of(
            "address",
            contract.toString(),
            "topics",
            List.of(hash(number + 1).toString(), hash(number + 2).toString()),
            "data",
            "0x" + "11".repeat(64),
            "transactionHash",
            hash(number + 3).toString(),
            "blockHash",
            blockHash,
            "blockNumber",
            hex(number),
            "logIndex",
            "0x0"));
  }

  private static boolean hasLog(long number) {
    return number % LOG_EVERY == 0;
  }

  private static String bloomOf(Address contract) {
    byte[] hash = Keccak.hash(contract.toArray());
    byte[] filter = new byte[256];
    for (int i = 0; i < 6; i += 2) {
      int bit = ((hash[i] & 7) << 8) + (hash[i + 1] & 0xff);
      filter[255 - bit / 8] |= (byte) (1 << (bit % 8));
    }
    return Hex.encode(filter);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
