package millrace.chain.follower;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells how fast a follower that is behind catches up.
final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final Duration INTERVAL = Duration.ofSeconds(3);

  /// A few new blocks at once are nothing to tell of.
  private static final long FAR = 100;

  private final InstantSource clock;
  private Instant since = Instant.MIN;
  private long sinceBlock;
  private double blocksPerSecond;

  Progress(InstantSource clock) {
    this.clock = clock;
  }

  /// @return blocks per second while far behind, else 0
  double at(long block, long nodeHead) {
    var now = clock.instant();
    long left = nodeHead - block;
    if (since.equals(Instant.MIN)) {
      if (left > FAR) begin(now, block);
      return 0;
    }
    var passed = Duration.between(since, now);
    if (left > 0 && passed.compareTo(INTERVAL) < 0) return blocksPerSecond;
    blocksPerSecond = (block - sinceBlock) * 1_000.0 / Math.max(1, passed.toMillis());
    LOG.info(
        "followed to block {} of {}, {} blocks a second",
        block,
        nodeHead,
        Math.round(blocksPerSecond));
    begin(left > 0 ? now : Instant.MIN, block);
    return left > 0 ? blocksPerSecond : 0;
  }

  private void begin(Instant at, long block) {
    since = at;
    sinceBlock = block;
  }
}
