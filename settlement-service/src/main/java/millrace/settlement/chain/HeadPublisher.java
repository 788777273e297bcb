package millrace.settlement.chain;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import millrace.chain.ChainProperties;
import millrace.chain.follower.BlockFollower;
import millrace.chain.follower.FollowerStatus;
import millrace.messaging.event.ChainEvent.HeadSeen;
import millrace.messaging.outbox.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Tells up to where the chain was verified, once a second at most and only while it is true:
/// silence is how others learn that they must not rely on it.
@Component
class HeadPublisher implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(HeadPublisher.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final String KEY = "head";

  private final BlockFollower follower;
  private final ChainProperties chain;
  private final Outbox outbox;
  private final TransactionTemplate transactions;
  private final Clock clock;
  private Instant published = Instant.EPOCH;

  HeadPublisher(
      BlockFollower follower,
      ChainProperties chain,
      Outbox outbox,
      TransactionTemplate transactions,
      Clock clock) {
    this.follower = follower;
    this.chain = chain;
    this.outbox = outbox;
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "head-publisher";
  }

  @Override
  public boolean work() {
    var status = follower.status();
    if (!isNews(status)) return false;
    published = status.verifiedAt();
    var head =
        new HeadSeen(status.head(), status.headHash(), status.finalBlock(), status.verifiedAt());
    transactions.executeWithoutResult(_ -> outbox.append(KEY, head));
    return false;
  }

  private boolean isNews(FollowerStatus status) {
    if (status.stopped().isPresent()) return false;
    if (status.verifiedAt().isBefore(published.plus(INTERVAL))) return false;
    var maxAge = chain.maxHeadAge();
    if (!maxAge.isPositive()) return true;
    boolean fresh = status.headTimestamp().isAfter(clock.instant().minus(maxAge));
    if (!fresh) LOG.warn("the node's newest block is of {}: is it frozen?", status.headTimestamp());
    return fresh;
  }
}
