package millrace.chain;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.ToIntFunction;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Agreement;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcUnavailable;
import millrace.chain.sender.TransactionSender;
import millrace.chain.sender.Trouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What tells an operator that a service loses touch with the chain, or cannot pay for it.
public final class ChainMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(ChainMetrics.class);
  private static final Duration BALANCE_AGE = Duration.ofSeconds(30);

  private final MeterRegistry meters;
  private final InstantSource clock;

  public ChainMetrics(MeterRegistry meters, InstantSource clock) {
    this.meters = meters;
    this.clock = clock;
  }

  public void observe(BlockFollower follower) {
    Gauge.builder("millrace.chain.lag.blocks", follower, f -> f.status().lag()).register(meters);
    Gauge.builder(
            "millrace.chain.head.age.seconds",
            follower,
            f -> Duration.between(f.status().verifiedAt(), clock.instant()).toSeconds())
        .description("Since when the newest block followed was last the node's newest")
        .register(meters);
    Gauge.builder("millrace.chain.stopped", follower, f -> f.status().stopped().isPresent() ? 1 : 0)
        .description("1 after a reorganisation deeper than allowed")
        .register(meters);
    Gauge.builder("millrace.chain.disputed", follower, f -> f.status().disputed() ? 1 : 0)
        .description("1 while the nodes disagree about the next block")
        .register(meters);
    Gauge.builder("millrace.chain.follow.rate", follower, f -> f.status().blocksPerSecond())
        .description("Blocks a second while catching up, else 0")
        .register(meters);
  }

  /// With fewer good nodes than configured a service goes on, and one fault more may blind it.
  public void observe(Rpc rpc) {
    nodes(rpc, "configured", Agreement::nodes);
    nodes(rpc, "good", Agreement::good);
    nodes(rpc, "silent", Agreement::silent);
    nodes(rpc, "lagging", Agreement::lagging);
    nodes(rpc, "contradicted", Agreement::contradicted);
  }

  private void nodes(Rpc rpc, String state, ToIntFunction<Agreement> count) {
    Gauge.builder("millrace.chain.rpc.nodes", rpc, r -> count.applyAsInt(r.agreement()))
        .description("Nodes by how they stand to each other")
        .tag("state", state)
        .register(meters);
  }

  public void observe(TransactionSender sender, Rpc rpc) {
    var account = sender.address().toString();
    Gauge.builder(
            "millrace.chain.transaction.age.seconds", sender, s -> s.status().oldest().toSeconds())
        .description("Age of the oldest transaction that is not final")
        .tag("account", account)
        .register(meters);
    for (var trouble : Trouble.values()) {
      Gauge.builder("millrace.chain.sender.trouble", sender, s -> s.hasTrouble(trouble) ? 1 : 0)
          .description("1 while it lasts; what to do is in the operator's pages")
          .tag("account", account)
          .tag("kind", trouble.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
    var balance = new Cached(() -> balance(sender, rpc), clock, BALANCE_AGE);
    Gauge.builder("millrace.chain.gas.balance.ether", balance, Cached::value)
        .tag("account", account)
        .strongReference(true)
        .register(meters);
  }

  private static double balance(TransactionSender sender, Rpc rpc) {
    try {
      return new BigDecimal(rpc.balance(sender.address())).movePointLeft(18).doubleValue();
    } catch (RpcUnavailable e) {
      LOG.debug("no balance", e);
      return Double.NaN;
    }
  }
}
