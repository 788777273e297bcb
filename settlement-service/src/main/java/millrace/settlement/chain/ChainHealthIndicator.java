package millrace.settlement.chain;

import java.time.Clock;
import millrace.chain.ChainHealth;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Rpc;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Health `chain`.
@Component
class ChainHealthIndicator implements HealthIndicator {
  private final ChainHealth chain;

  ChainHealthIndicator(Rpc rpc, BlockFollower follower, Senders senders, Clock clock) {
    this.chain = new ChainHealth(rpc, follower, senders.all(), clock);
  }

  @Override
  public Health health() {
    var report = chain.report();
    return (report.up() ? Health.up() : Health.down()).withDetails(report.details()).build();
  }
}
