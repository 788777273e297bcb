package millrace.gateway.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gathers outcomes while others are being written, so that many share a commit.
final class Outcomes {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
  private static final int AT_ONCE = 256;
  private static final long LOOK_MILLIS = 200;

  private final OutcomeStore store;
  private final Bell bell;
  private final LinkedBlockingQueue<Outcome> waiting = new LinkedBlockingQueue<>();
  private volatile boolean running = true;

  Outcomes(OutcomeStore store, Bell bell) {
    this.store = store;
    this.bell = bell;
  }

  /// As many as senders have at once, so there is no need to bound them again.
  void add(Outcome outcome) {
    waiting.add(outcome);
  }

  /// Until [#stop] was called and nothing waits any more.
  void run() {
    while (running || !waiting.isEmpty()) {
      try {
        var first = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) write(first);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void write(Outcome first) {
    List<Outcome> batch = new ArrayList<>();
    batch.add(first);
    waiting.drainTo(batch, AT_ONCE - 1);
    try {
      store.store(batch);
    } catch (RuntimeException unrecorded) {
      // The leases end, and the messages are sent again with the same ids.
      LOG.warn("{} outcomes are not recorded: {}", batch.size(), unrecorded.toString());
    }
    bell.ring();
  }

  void stop() {
    running = false;
  }
}
