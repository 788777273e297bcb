package millrace.watchtower.withdrawal;

import java.util.List;
import millrace.chain.Loop;
import millrace.chain.follower.BlockFollower;
import millrace.chain.sender.TransactionSender;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Everything the tower does about the chain, for as long as the context runs.
@Component
class Watch implements SmartLifecycle {
  private final BlockFollower follower;
  private final TransactionSender sender;
  private final List<Loop> loops;
  private volatile boolean running;

  Watch(
      BlockFollower follower,
      TransactionSender sender,
      Claimant claimant,
      PendingLookup lookup,
      TowerMetrics metrics,
      WatchtowerProperties properties) {
    this.follower = follower;
    this.sender = sender;
    this.loops =
        List.of(
            new Loop("claimant", properties.lookInterval(), claimant::round),
            new Loop("pending-lookup", properties.lookInterval(), lookup::round),
            new Loop("tower-metrics", TowerMetrics.INTERVAL, metrics::sample));
  }

  @Override
  public synchronized void start() {
    if (running) return;
    running = true;
    follower.start();
    sender.start();
    loops.forEach(Loop::start);
  }

  @Override
  public synchronized void stop() {
    if (!running) return;
    running = false;
    loops.forEach(Loop::close);
    follower.close();
    sender.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
