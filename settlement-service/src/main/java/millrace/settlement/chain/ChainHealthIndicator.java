package millrace.settlement.chain;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import millrace.chain.follower.BlockFollower;
import millrace.chain.sender.SenderStatus;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Health `chain`: down once the follower has stopped, and while it sees no newest block. What
/// troubles the senders is told as well, but another process could not do better.
@Component
class ChainHealthIndicator implements HealthIndicator {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final BlockFollower follower;
  private final Senders senders;
  private final Clock clock;

  ChainHealthIndicator(BlockFollower follower, Senders senders, Clock clock) {
    this.follower = follower;
    this.senders = senders;
    this.clock = clock;
  }

  @Override
  public Health health() {
    var status = follower.status();
    boolean recent = status.verifiedAt().isAfter(clock.instant().minus(PATIENCE));
    var health = status.stopped().isEmpty() && recent ? Health.up() : Health.down();
    status.stopped().ifPresent(reason -> health.withDetail("stopped", reason));
    for (var sender : senders.all()) {
      health.withDetail(sender.address().toString(), detail(sender.status()));
    }
    return health
        .withDetail("disputed", status.disputed())
        .withDetail("head", status.head())
        .withDetail("finalBlock", status.finalBlock())
        .withDetail("verifiedAt", status.verifiedAt().toString())
        .build();
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
