package millrace.chain;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Agreement;
import millrace.chain.rpc.Rpc;
import millrace.chain.sender.SenderStatus;
import millrace.chain.sender.TransactionSender;

/// Whether a service sees the chain, for the health indicator of each service: not once its
/// follower has stopped, and not while that sees no newest block. What troubles the senders is told
/// as well, but another process could not do better.
public final class ChainHealth {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Rpc rpc;
  private final BlockFollower follower;
  private final List<TransactionSender> senders;
  private final InstantSource clock;

  public ChainHealth(
      Rpc rpc, BlockFollower follower, Collection<TransactionSender> senders, InstantSource clock) {
    this.rpc = rpc;
    this.follower = follower;
    this.senders = List.copyOf(senders);
    this.clock = clock;
  }

  /// @param details in words and numbers, for people
  public record Report(boolean up, Map<String, Object> details) {}

  public Report report() {
    var status = follower.status();
    boolean recent = status.verifiedAt().isAfter(clock.instant().minus(PATIENCE));
    var details = new LinkedHashMap<String, Object>();
    status.stopped().ifPresent(reason -> details.put("stopped", reason));
    for (var sender : senders) details.put(sender.address().toString(), detail(sender.status()));
    details.put("nodes", nodes(rpc.agreement()));
    details.put("disputed", status.disputed());
    details.put("head", status.head());
    details.put("finalBlock", status.finalBlock());
    details.put("verifiedAt", status.verifiedAt().toString());
    return new Report(recent && status.stopped().isEmpty(), details);
  }

  private static Map<String, Object> nodes(Agreement agreement) {
    return Map.of(
        "configured", agreement.nodes(),
        "good", agreement.good(),
        "silent", agreement.silent(),
        "lagging", agreement.lagging(),
        "contradicted", agreement.contradicted());
  }

  private static Map<String, Object> detail(SenderStatus sender) {
    return Map.of(
        "waiting",
        sender.waiting(),
        "sending",
        sender.sending(),
        "oldestSeconds",
        sender.oldest().toSeconds(),
        "leads",
        sender.leads(),
        "troubles",
        sender.troubles());
  }
}
