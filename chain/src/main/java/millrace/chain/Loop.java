package millrace.chain;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does one thing again and again on a thread of its own: at once while there is more to do, else
/// after an interval or a call, and more slowly while it fails.
public final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String name;
  private final Duration interval;
  private final BooleanSupplier round;
  private final Semaphore wakeUps = new Semaphore(0);
  private volatile boolean ending;
  private @Nullable Thread thread;

  /// @param round returns whether there may be more to do at once
  public Loop(String name, Duration interval, BooleanSupplier round) {
    this.name = name;
    this.interval = interval;
    this.round = round;
  }

  public synchronized void start() {
    if (thread != null) throw new IllegalStateException(name + " is running");
    ending = false;
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /// There is something to do now.
  public void wake() {
    wakeUps.release();
  }

  /// Lets the present round end; then there is no other. It is not interrupted unless it takes
  /// too long, because that would cost the database connection it uses.
  @Override
  public synchronized void close() {
    var running = thread;
    if (running == null) return;
    ending = true;
    wake();
    try {
      if (!running.join(PATIENCE)) {
        LOG.warn("{} does not end by itself", name);
        running.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  private void run() {
    int failures = 0;
    while (!ending) {
      boolean more = false;
      try {
        more = round.getAsBoolean();
        failures = 0;
      } catch (RuntimeException e) {
        failures++;
        LOG.warn("{} failed {} times in a row", name, failures, e);
      }
      if (!more && !pause(failures)) return;
    }
  }

  /// Only the end cuts the pause after a failure short.
  private boolean pause(int failures) {
    long longer = Math.min(interval.toMillis() << Math.min(failures, 10), LONGEST_PAUSE.toMillis());
    long left = TimeUnit.MILLISECONDS.toNanos(failures == 0 ? interval.toMillis() : longer);
    long until = System.nanoTime() + left;
    try {
      while (!ending && left > 0) {
        boolean woken = wakeUps.tryAcquire(left, TimeUnit.NANOSECONDS);
        if (woken) wakeUps.drainPermits();
        if (failures == 0) return true;
        left = until - System.nanoTime();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
