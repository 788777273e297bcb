package millrace.protocol.eip712;

import java.math.BigInteger;
import java.util.List;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The known answers, computed by others and checked against the contract.
public record Vectors(JsonNode root) {
  public static final List<String> CHAINS = List.of("31337", "8453");

  public static Vectors load() {
    try (var file = Vectors.class.getResourceAsStream("/x402-vectors.json")) {
      return new Vectors(JsonMapper.shared().readTree(file));
    } catch (java.io.IOException missing) {
      throw new java.io.UncheckedIOException(missing);
    }
  }

  public JsonNode of(String chain) {
    return root.get(chain);
  }

  public String key(String name) {
    return root.get("keys").get(name).stringValue();
  }

  public ChannelConfig config() {
    var config = root.get("config");
    return new ChannelConfig(
        Address.of(config.get("payer").stringValue()),
        Address.of(config.get("payerAuthorizer").stringValue()),
        Address.of(config.get("receiver").stringValue()),
        Address.of(config.get("receiverAuthorizer").stringValue()),
        Address.of(config.get("token").stringValue()),
        config.get("withdrawDelay").longValue(),
        Bytes32.of(config.get("salt").stringValue()));
  }

  public static String text(JsonNode node, String name) {
    return node.get(name).stringValue();
  }

  public static BigInteger number(JsonNode node, String name) {
    return new BigInteger(text(node, name));
  }
}
