package millrace.settlement.chain;

import java.util.ArrayList;
import java.util.List;
import millrace.chain.ChainProperties;
import millrace.chain.Loop;
import millrace.chain.follower.BlockFollower;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Runs every [Worker] on a loop of its own.
@Component
public class Workers {
  private final ObjectProvider<Worker> workers;
  private final DeploymentCheck check;
  private final ChainProperties chain;
  private final ObjectProvider<BlockFollower> follower;
  private final List<Loop> loops = new ArrayList<>();

  /// The follower wakes the workers, so it is asked for late.
  Workers(
      ObjectProvider<Worker> workers,
      DeploymentCheck check,
      ChainProperties chain,
      ObjectProvider<BlockFollower> follower) {
    this.workers = workers;
    this.check = check;
    this.chain = chain;
    this.follower = follower;
  }

  synchronized void start() {
    var followed = follower.getObject();
    for (var worker : workers) {
      var loop = new Loop(worker.name(), chain.pollInterval(), () -> round(worker, followed));
      loops.add(loop);
      loop.start();
    }
  }

  /// Once the chain is not followed any more nobody begins anything: what the workers would act
  /// upon may not be true.
  private boolean round(Worker worker, BlockFollower followed) {
    if (followed.status().stopped().isPresent()) return false;
    check.require();
    return worker.work();
  }

  synchronized void stop() {
    loops.forEach(Loop::close);
    loops.clear();
  }

  /// The present transaction leaves work behind.
  public void wakeAfterCommit() {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            wake();
          }
        });
  }

  private synchronized void wake() {
    loops.forEach(Loop::wake);
  }
}
