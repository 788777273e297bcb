package millrace.gateway.webhook;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import millrace.gateway.stream.Streams;
import millrace.protocol.type.MerchantId;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Wakes the sender of this gateway when there may be something to send, and its streams when
/// there is something to read. Those of other gateways find it when they look.
@Component
class Bell {
  private final Semaphore rung = new Semaphore(0);
  private final Streams streams;

  Bell(Streams streams) {
    this.streams = streams;
  }

  void ring() {
    rung.release();
  }

  void ringAfterCommit() {
    afterCommit(this::ring);
  }

  /// For those who read the events of these merchants as a stream.
  void newsAfterCommit(Set<MerchantId> merchants) {
    afterCommit(() -> merchants.forEach(merchant -> streams.wake(topic(merchant))));
  }

  static String topic(MerchantId merchant) {
    return "events " + merchant;
  }

  private static void afterCommit(Runnable action) {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      action.run();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }

  /// Returns when it rang since the last time, or after `most`.
  void await(Duration most) throws InterruptedException {
    if (rung.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) rung.drainPermits();
  }
}
