package millrace.standalone.demo;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.standalone.hub.LocalHub;
import tools.jackson.databind.JsonNode;

/// The hub's ledger beside the chain, after everything that was under way has ended.
record Books(long claimTransactions, long gasUsed, Amount claimed, BigInteger ledgerMinusChain) {

  /// Waits until ledger and chain agree, or as long as they could be expected to.
  static Books settled(LocalHub hub, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    var books = read(hub);
    while (books.ledgerMinusChain().signum() != 0 && System.nanoTime() < deadline) {
      Thread.sleep(250);
      books = read(hub);
    }
    return books;
  }

  private static Books read(LocalHub hub) throws InterruptedException {
    var settlement = new HubApi(hub.settlementServiceUrl(), "").get("/internal/settlement");
    var tower = new HubApi(hub.watchtowerServiceUrl(), "").get("/internal/guard");
    var ledger = new HubApi(hub.channelServiceUrl(), "").get("/internal/ledger");
    return new Books(
        settlement.path("claimTransactions").asLong(),
        settlement.path("gasUsed").asLong() + tower.path("gasUsed").asLong(),
        claimedOnChain(hub),
        held(ledger).subtract(heldOnChain(hub)));
  }

  /// What the ledger says the contracts hold: escrow in channels, claimed and not swept, and the
  /// vault.
  private static BigInteger held(JsonNode ledger) {
    var sum = BigInteger.ZERO;
    for (var account : List.of("escrow", "claimed", "vault")) {
      sum = sum.add(new BigInteger(ledger.path(account).asString()));
    }
    return sum;
  }

  private static BigInteger heldOnChain(LocalHub hub) {
    var deployment = hub.chain().deployment();
    return hub.chain()
        .tokenBalance(deployment.channels())
        .plus(hub.chain().tokenBalance(deployment.vault()))
        .units();
  }

  /// `receivers(vault, token)` of the channel contract; its first word is the claimed total.
  private static Amount claimedOnChain(LocalHub hub) {
    var deployment = hub.chain().deployment();
    var call =
        Map.of(
            "to",
            deployment.channels().toString(),
            "data",
            "0x21ff6389" + word(deployment.vault()) + word(deployment.token()));
    var words = hub.chain().rpc("eth_call", call, "latest").asString();
    return new Amount(new BigInteger(words.substring(2, 66), 16));
  }

  private static String word(Address address) {
    return "0".repeat(24) + address.toString().substring(2);
  }
}
