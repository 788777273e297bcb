package millrace.watchtower.withdrawal;

import java.time.Clock;
import java.util.List;
import millrace.chain.ChainHealth;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Rpc;
import millrace.chain.sender.TransactionSender;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Health `chain`: for people and alarms. It is no part of readiness, for a tower that is taken out
/// of service because its nodes are down would not answer once they are back.
@Component
class ChainHealthIndicator implements HealthIndicator {
  private final ChainHealth chain;

  ChainHealthIndicator(Rpc rpc, BlockFollower follower, TransactionSender sender, Clock clock) {
    this.chain = new ChainHealth(rpc, follower, List.of(sender), clock);
  }

  @Override
  public Health health() {
    var report = chain.report();
    return (report.up() ? Health.up() : Health.down()).withDetails(report.details()).build();
  }
}
