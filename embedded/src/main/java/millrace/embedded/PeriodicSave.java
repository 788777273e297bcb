package millrace.embedded;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Saves again and again on a thread of its own. A save of a long chain takes long, and holds up
/// its calls meanwhile, so it may take a twentieth of the time and no more.
final class PeriodicSave implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicSave.class);
  private static final int SHARE = 20;

  private final Duration interval;
  private final Runnable save;
  private final Thread thread;
  private volatile boolean ended;

  private PeriodicSave(Duration interval, Runnable save) {
    this.interval = interval;
    this.save = save;
    this.thread = Thread.ofPlatform().name("save-dev-chain").daemon().unstarted(this::run);
  }

  static PeriodicSave start(Duration interval, Runnable save) {
    var periodic = new PeriodicSave(interval, save);
    periodic.thread.start();
    return periodic;
  }

  /// Does not wait for a save that is under way.
  @Override
  public void close() {
    ended = true;
  }

  private void run() {
    var pause = interval;
    while (!ended) {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (!ended) pause = saveOnce();
    }
  }

  private Duration saveOnce() {
    long begin = System.nanoTime();
    try {
      save.run();
    } catch (RuntimeException e) {
      LOG.warn("the development chain could not be saved; trying again", e);
    }
    var took = Duration.ofNanos(System.nanoTime() - begin).multipliedBy(SHARE);
    return took.compareTo(interval) > 0 ? took : interval;
  }
}
