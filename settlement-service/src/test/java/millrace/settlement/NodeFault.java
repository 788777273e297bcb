package millrace.settlement;

import millrace.embedded.DevChain;
import millrace.testkit.FaultyNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A way in which the only node of a hub can fail.
enum NodeFault {
  HANGS(false) {
    @Override
    void begin(FaultyNode node, DevChain chain) {
      node.stall();
    }
  },

  FORGES_BLOCKS(false) {
    @Override
    void begin(FaultyNode node, DevChain chain) {
      node.lie("eth_getBlockByNumber", block -> forged(block, "hash"));
    }
  },

  FORGES_RECEIPTS(true) {
    @Override
    void begin(FaultyNode node, DevChain chain) {
      node.lie("eth_getTransactionReceipt", receipt -> forged(receipt, "blockHash"));
    }
  },

  /// Of the channel contract's changes no log tells and no receipt of a block.
  HIDES_LOGS(true) {
    @Override
    void begin(FaultyNode node, DevChain chain) {
      node.lie("eth_getLogs", _ -> FaultyNode.emptyList());
      node.lie("eth_getBlockReceipts", _ -> FaultyNode.emptyList());
    }

    @Override
    boolean holdsUp() {
      return false; // Each is known by the receipt of its transaction.
    }
  },

  LAGS(true) {
    @Override
    void begin(FaultyNode node, DevChain chain) {
      node.freezeAt(chain.blockNumber());
    }
  };

  private final boolean letsThrough;

  NodeFault(boolean letsThrough) {
    this.letsThrough = letsThrough;
  }

  /// Whether a transaction gets through to the chain in spite of it.
  boolean letsThrough() {
    return letsThrough;
  }

  /// So many requests later whatever was to go wrong has gone wrong.
  int felt() {
    return this == HANGS ? 1 : 20;
  }

  abstract void begin(FaultyNode node, DevChain chain);

  /// Whether nothing can be confirmed while it lasts.
  boolean holdsUp() {
    return true;
  }

  private static JsonNode forged(JsonNode result, String field) {
    return result.isObject() ? ((ObjectNode) result).put(field, "0x" + "ab".repeat(32)) : result;
  }
}
