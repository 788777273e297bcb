package millrace.settlement.chain;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import millrace.chain.ChainMetrics;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Rpc;
import millrace.chain.sender.TransactionSender;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Starts whatever talks to the chain after everything it needs, and ends it before.
@Component
class ChainLifecycle implements SmartLifecycle {
  private final DeploymentCheck check;
  private final BlockFollower follower;
  private final Senders senders;
  private final Workers workers;
  private volatile boolean running;

  ChainLifecycle(
      DeploymentCheck check,
      BlockFollower follower,
      Senders senders,
      Workers workers,
      Rpc rpc,
      MeterRegistry meters,
      Clock clock) {
    this.check = check;
    this.follower = follower;
    this.senders = senders;
    this.workers = workers;
    var metrics = new ChainMetrics(meters, clock);
    metrics.observe(follower);
    metrics.observe(rpc);
    senders.all().forEach(sender -> metrics.observe(sender, rpc));
  }

  @Override
  public void start() {
    check.run();
    follower.start();
    senders.all().forEach(TransactionSender::start);
    workers.start();
    running = true;
  }

  @Override
  public void stop() {
    workers.stop();
    senders.all().forEach(TransactionSender::close);
    follower.close();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
