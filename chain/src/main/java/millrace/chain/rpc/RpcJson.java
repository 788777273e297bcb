package millrace.chain.rpc;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import tools.jackson.databind.JsonNode;

/// Reads the objects of Ethereum's JSON-RPC.
final class RpcJson {
  private RpcJson() {}

  static Optional<BlockHeader> header(JsonNode node) {
    // A pending block has no hash; it is no block yet.
    if (node.isNull() || node.path("hash").isNull()) return Optional.empty();
    var baseFee = node.path("baseFeePerGas").asString("");
    return Optional.of(
        new BlockHeader(
            number(node, "number"),
            hash(node, "hash"),
            hash(node, "parentHash"),
            Instant.ofEpochSecond(number(node, "timestamp")),
            baseFee.isEmpty() ? BigInteger.ZERO : Quantity.decode(baseFee)));
  }

  static List<ContractLog> logs(JsonNode array) {
    var logs = new ArrayList<ContractLog>(array.size());
    for (var node : array.values()) logs.add(log(node));
    return logs;
  }

  static Optional<Receipt> receipt(JsonNode node) {
    if (node.isNull() || node.path("blockHash").isNull()) return Optional.empty();
    var price = node.path("effectiveGasPrice").asString("");
    return Optional.of(
        new Receipt(
            hash(node, "transactionHash"),
            hash(node, "blockHash"),
            number(node, "blockNumber"),
            number(node, "status") == 1,
            number(node, "gasUsed"),
            price.isEmpty() ? BigInteger.ZERO : Quantity.decode(price),
            logs(node.path("logs"))));
  }

  private static ContractLog log(JsonNode node) {
    var topics = new ArrayList<Bytes32>();
    for (var topic : node.path("topics").values()) topics.add(Bytes32.of(topic.asString()));
    return new ContractLog(
        Address.of(text(node, "address")),
        topics,
        Bytes.of(text(node, "data")),
        hash(node, "transactionHash"),
        hash(node, "blockHash"),
        number(node, "blockNumber"),
        Math.toIntExact(number(node, "logIndex")));
  }

  private static Bytes32 hash(JsonNode node, String field) {
    return Bytes32.of(text(node, field));
  }

  private static long number(JsonNode node, String field) {
    return Quantity.decodeLong(text(node, field));
  }

  private static String text(JsonNode node, String field) {
    var value = node.path(field);
    if (!value.isString()) throw new RpcUnavailable("the node's answer has no " + field);
    return value.asString();
  }
}
