package millrace.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import millrace.embedded.DevAccount;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gives tokens of a development chain to many payers within a block or two.
record Faucet(HttpClient http, URI node) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String MINT = "0x40c10f19";
  private static final int PER_CALL = 100;
  private static final int TRIES = 600;

  static Faucet of(URI node) {
    return new Faucet(HttpClient.newHttpClient(), node);
  }

  /// Returns when everybody has them.
  void mint(Address token, List<Address> payers, Amount each) throws InterruptedException {
    var last = "";
    // Numbered here, because the node takes the calls of one request side by side.
    long nonce = nonce();
    for (int from = 0; from < payers.size(); from += PER_CALL) {
      var mints = new ArrayList<Object>();
      for (var payer : payers.subList(from, Math.min(from + PER_CALL, payers.size()))) {
        mints.add(List.of(mint(token, payer, each, nonce++)));
      }
      var answers = call(mints, "eth_sendTransaction");
      for (var answer : answers) last = answer.path("result").asString("");
    }
    for (int tries = 0; tries < TRIES; tries++) {
      var receipt =
          call(List.of(List.of(last)), "eth_getTransactionReceipt").getFirst().path("result");
      if (receipt.isObject()) return;
      Thread.sleep(100);
    }
    throw new IllegalStateException("the payers' tokens were not mined");
  }

  private long nonce() throws InterruptedException {
    var parameters = List.of(DevAccount.DEPLOYER.address().toString(), "pending");
    var answer = call(List.of(parameters), "eth_getTransactionCount").getFirst();
    return Long.decode(answer.path("result").asString());
  }

  private static Map<String, String> mint(Address token, Address payer, Amount each, long nonce) {
    return Map.of(
        "nonce",
        "0x" + Long.toHexString(nonce),
        "from",
        DevAccount.DEPLOYER.address().toString(),
        "to",
        token.toString(),
        "gas",
        "0x30d40",
        "data",
        MINT + word(payer.toString().substring(2)) + word(each.units().toString(16)));
  }

  private static String word(String hex) {
    return "0".repeat(64 - hex.length()) + hex;
  }

  /// One request with many calls.
  private List<JsonNode> call(List<?> parameters, String method) throws InterruptedException {
    var calls =
        IntStream.range(0, parameters.size())
            .mapToObj(
                i ->
                    Map.of(
                        "jsonrpc", "2.0", "id", i, "method", method, "params", parameters.get(i)))
            .toList();
    var request =
        HttpRequest.newBuilder(node)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(calls)))
            .build();
    try {
      var answers =
          new ArrayList<>(
              JSON.readTree(http.send(request, BodyHandlers.ofString()).body()).values());
      for (var answer : answers) {
        if (answer.has("error")) throw new IllegalStateException(method + ": " + answer);
      }
      return answers;
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + node, e);
    }
  }
}
