package millrace.bench.claims;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import millrace.embedded.DevDeployment;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes deposits into the channel contract's storage on a development chain. Ten thousand of them
/// by transaction would take far longer than the claims that are to be measured.
public final class Escrow {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int AT_ONCE = 500;

  /// Where the contract keeps the map of channels, behind the two words of its typed-data domain.
  private static final BigInteger CHANNELS_SLOT = BigInteger.TWO;

  private final URI rpc;
  private final DevDeployment deployed;
  private final HttpClient http = HttpClient.newHttpClient();

  public Escrow(DevDeployment deployed) {
    this.deployed = deployed;
    rpc = URI.create(deployed.rpcUrl());
  }

  /// Gives every channel that balance, of which nothing is claimed, and the contract the tokens.
  public void fill(List<ChannelId> channels, long balance) throws InterruptedException {
    var sum = BigInteger.valueOf(balance).multiply(BigInteger.valueOf(channels.size()));
    mint(sum);
    for (int from = 0; from < channels.size(); from += AT_ONCE) {
      var part = channels.subList(from, Math.min(channels.size(), from + AT_ONCE));
      var calls = new ArrayList<Map<String, Object>>();
      for (var id : part) calls.add(store(id, balance));
      ask(calls);
    }
    requireThere(channels.getFirst(), balance);
    requireThere(channels.getLast(), balance);
  }

  private void mint(BigInteger units) throws InterruptedException {
    var data = selector("mint(address,uint256)") + word(deployed.channels()) + word(units);
    var minter = ask(List.of(call("eth_accounts"))).getFirst().get(0).asString();
    var transaction = Map.of("from", minter, "to", deployed.token().toString(), "data", data);
    ask(List.of(call("eth_sendTransaction", transaction)));
  }

  private Map<String, Object> store(ChannelId id, long balance) {
    var place = Keccak.hash(HexFormat.of().parseHex(hex(id) + word(CHANNELS_SLOT)));
    return call(
        "anvil_setStorageAt",
        deployed.channels().toString(),
        "0x" + HexFormat.of().formatHex(place),
        "0x" + word(BigInteger.valueOf(balance)));
  }

  /// A contract that keeps its channels elsewhere would have none.
  private void requireThere(ChannelId id, long balance) throws InterruptedException {
    var question =
        Map.of(
            "to", deployed.channels().toString(), "data", selector("channels(bytes32)") + hex(id));
    var answer = ask(List.of(call("eth_call", question, "latest"))).getFirst().asString();
    var expected = "0x" + word(BigInteger.valueOf(balance)) + word(BigInteger.ZERO);
    if (!answer.equals(expected)) {
      throw new IllegalStateException(
          "the contract keeps its channels elsewhere: %s has %s".formatted(id, answer));
    }
  }

  private static Map<String, Object> call(String method, Object... parameters) {
    return Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(parameters));
  }

  private List<JsonNode> ask(List<Map<String, Object>> calls) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(rpc)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(calls)))
            .build();
    try {
      var results = new ArrayList<JsonNode>();
      for (var answer : JSON.readTree(http.send(request, BodyHandlers.ofString()).body())) {
        if (answer.has("error")) throw new IllegalStateException("the chain says " + answer);
        results.add(answer.get("result"));
      }
      return results;
    } catch (IOException e) {
      throw new IllegalStateException("no answer from the chain", e);
    }
  }

  private static String selector(String signature) {
    byte[] hash = Keccak.hash(signature.getBytes(US_ASCII));
    return "0x" + HexFormat.of().formatHex(hash, 0, 4);
  }

  private static String hex(ChannelId id) {
    return HexFormat.of().formatHex(id.toArray());
  }

  private static String word(Address address) {
    return word(new BigInteger(1, address.toArray()));
  }

  private static String word(BigInteger value) {
    return "%064x".formatted(value);
  }
}
