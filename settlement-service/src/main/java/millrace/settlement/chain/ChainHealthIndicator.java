package millrace.settlement.chain;

import java.time.Clock;
import java.time.Duration;
import millrace.chain.follower.BlockFollower;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Health `chain`: down once the follower has stopped, and while it sees no newest block.
@Component
class ChainHealthIndicator implements HealthIndicator {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final BlockFollower follower;
  private final Clock clock;

  ChainHealthIndicator(BlockFollower follower, Clock clock) {
    this.follower = follower;
    this.clock = clock;
  }

  @Override
  public Health health() {
    var status = follower.status();
    boolean recent = status.verifiedAt().isAfter(clock.instant().minus(PATIENCE));
    var health = status.stopped().isEmpty() && recent ? Health.up() : Health.down();
    status.stopped().ifPresent(reason -> health.withDetail("stopped", reason));
    return health
        .withDetail("head", status.head())
        .withDetail("finalBlock", status.finalBlock())
        .withDetail("verifiedAt", status.verifiedAt().toString())
        .build();
  }
}
