package millrace.payer;

import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import millrace.protocol.x402.Deposit;
import millrace.protocol.x402.Network;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A channel as [FileStore] keeps it. Version 1; a file of another version is not guessed at.
final class ChannelJson {
  private static final int VERSION = 1;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ChannelJson() {}

  static String write(PayerChannel channel) {
    var config = channel.config();
    var configNode =
        object()
            .put("payer", config.payer().toString())
            .put("payerAuthorizer", config.payerAuthorizer().toString())
            .put("receiver", config.receiver().toString())
            .put("receiverAuthorizer", config.receiverAuthorizer().toString())
            .put("token", config.token().toString())
            .put("withdrawDelay", config.withdrawDelaySeconds())
            .put("salt", config.salt().toString());
    var node =
        object()
            .put("version", VERSION)
            .put("channelId", channel.id().toString())
            .put("network", channel.network().toString());
    node.set("config", configNode);
    node.put("charged", channel.charged().toString())
        .put("unresolved", channel.unresolved().toString())
        .put("signed", channel.signed().toString())
        .put("balance", channel.balance().toString());
    channel.deposit().ifPresent(deposit -> node.set("deposit", write(deposit)));
    node.put("withdrawing", channel.withdrawing());
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
  }

  private static ObjectNode write(Deposit deposit) {
    return object()
        .put("amount", deposit.amount().toString())
        .put("validAfter", deposit.validAfterSeconds().toString())
        .put("validBefore", deposit.validBeforeSeconds().toString())
        .put("salt", deposit.salt().toString())
        .put("signature", deposit.signature().toString());
  }

  /// @throws IllegalArgumentException when it is not one that [#write] made
  static PayerChannel read(String json) {
    var node = MAPPER.readTree(json);
    if (node.path("version").asInt(0) != VERSION) {
      throw new IllegalArgumentException("not a channel file of version " + VERSION);
    }
    var config = node.path("config");
    return new PayerChannel(
        ChannelId.of(text(node, "channelId")),
        Network.of(text(node, "network")),
        new ChannelConfig(
            Address.of(text(config, "payer")),
            Address.of(text(config, "payerAuthorizer")),
            Address.of(text(config, "receiver")),
            Address.of(text(config, "receiverAuthorizer")),
            Address.of(text(config, "token")),
            config.path("withdrawDelay").asLong(-1),
            Bytes32.of(text(config, "salt"))),
        amount(node, "charged"),
        amount(node, "unresolved"),
        amount(node, "signed"),
        amount(node, "balance"),
        node.has("deposit") ? Optional.of(deposit(node.path("deposit"))) : Optional.empty(),
        node.path("withdrawing").asBoolean(false));
  }

  private static Deposit deposit(JsonNode node) {
    return new Deposit(
        amount(node, "amount"),
        new BigInteger(text(node, "validAfter")),
        new BigInteger(text(node, "validBefore")),
        Bytes32.of(text(node, "salt")),
        Signature.of(text(node, "signature")));
  }

  private static Amount amount(JsonNode node, String name) {
    return Amount.of(text(node, name));
  }

  private static String text(JsonNode node, String name) {
    var value = node.path(name);
    if (!value.isString()) throw new IllegalArgumentException("no text at " + name);
    return value.stringValue();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
