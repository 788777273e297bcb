package millrace.settlement.chain;

import java.util.ArrayList;
import java.util.List;
import millrace.chain.ChainProperties;
import millrace.chain.Loop;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Runs every [Worker] on a loop of its own.
@Component
public class Workers {
  private final ObjectProvider<Worker> workers;
  private final ChainProperties chain;
  private final List<Loop> loops = new ArrayList<>();

  Workers(ObjectProvider<Worker> workers, ChainProperties chain) {
    this.workers = workers;
    this.chain = chain;
  }

  synchronized void start() {
    for (var worker : workers) {
      var loop = new Loop(worker.name(), chain.pollInterval(), worker::work);
      loops.add(loop);
      loop.start();
    }
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
