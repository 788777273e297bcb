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
    var gasLimit = node.path("gasLimit").asString("0x0");
    return Optional.of(
        new BlockHeader(
            number(node, "number"),
            hash(node, "hash"),
            hash(node, "parentHash"),
            Instant.ofEpochSecond(number(node, "timestamp")),
            baseFee.isEmpty() ? BigInteger.ZERO : Quantity.decode(baseFee),
            Quantity.decodeLong(gasLimit),
            new Bloom(Bytes.of(node.path("logsBloom").asString("0x")))));
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

  static List<Receipt> receiptsOfBlock(JsonNode array, Bytes32 blockHash) {
    if (!array.isArray()) throw new RpcUnavailable("the node has no receipts of " + blockHash);
    var receipts = new ArrayList<Receipt>(array.size());
    for (var node : array.values()) {
      var receipt = receipt(node).filter(r -> r.blockHash().equals(blockHash));
      receipts.add(
          receipt.orElseThrow(() -> new RpcUnavailable("the node mixed up receipts of blocks")));
    }
    return receipts;
  }

  /// Which transaction of a block, told with all of them, an account sent under a nonce.
  static Optional<Bytes32> transaction(JsonNode block, Address sender, long nonce) {
    for (var node : block.path("transactions").values()) {
      if (Address.of(text(node, "from")).equals(sender) && number(node, "nonce") == nonce) {
        return Optional.of(hash(node, "hash"));
      }
    }
    return Optional.empty();
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
