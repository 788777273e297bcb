package millrace.embedded;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Transactions of the deployer, whose key the development chain has itself.
final class DevTransaction {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  private DevTransaction() {}

  /// Waits until it is in a block, and returns its receipt.
  static JsonNode send(JsonRpc rpc, Map<String, String> transaction) {
    var complete = new HashMap<>(transaction);
    complete.put("from", DevAccount.DEPLOYER.address().toString());
    var hash = rpc.call("eth_sendTransaction", complete).asString();
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      var receipt = rpc.call("eth_getTransactionReceipt", hash);
      if (receipt.isObject()) {
        if ("0x1".equals(receipt.path("status").asString())) return receipt;
        throw new IllegalStateException("transaction %s failed: %s".formatted(hash, receipt));
      }
      Pause.of(POLL);
    }
    throw new IllegalStateException("no block has taken transaction " + hash + "; is mining off?");
  }
}
