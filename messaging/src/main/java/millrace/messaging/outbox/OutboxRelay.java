package millrace.messaging.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import millrace.messaging.MessagingProperties;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Moves events from the outbox to Kafka for as long as the context runs, through outages of
/// either. A row is deleted after Kafka acknowledged it, so a crash in between repeats events and
/// loses none. No transaction is open while Kafka is waited for.
public final class OutboxRelay implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  /// How often a relay asks whether the other one is gone.
  private static final Duration TURN_INTERVAL = Duration.ofMillis(500);

  private final OutboxConnections connections;
  private final Supplier<Producer<String, byte[]>> producers;
  private final MessagingProperties properties;
  private final Semaphore wake = new Semaphore(0);
  private volatile @Nullable Thread thread;
  private volatile boolean running;
  private Duration pause = FIRST_PAUSE;

  public OutboxRelay(
      OutboxConnections connections,
      Supplier<Producer<String, byte[]>> producers,
      MessagingProperties properties) {
    this.connections = connections;
    this.producers = producers;
    this.properties = properties;
  }

  /// Called when a transaction with events has committed.
  public void wake() {
    wake.release();
  }

  @Override
  public synchronized void start() {
    if (running) return;
    running = true;
    thread = Thread.ofPlatform().name("outbox-relay").daemon().start(this::run);
  }

  @Override
  public synchronized void stop() {
    running = false;
    wake();
    var stopping = thread;
    if (stopping == null) return;
    try {
      if (!stopping.join(STOP_TIMEOUT)) stopping.interrupt();
    } catch (InterruptedException e) {
      stopping.interrupt();
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void run() {
    try (var publisher = new Publisher(producers, properties.ackTimeout())) {
      while (running) {
        try {
          publishFor(publisher);
        } catch (SQLException | PublishingException | RuntimeException e) {
          LOG.warn("The outbox tries again in {}", pause, e);
          backOff();
        }
      }
    } catch (InterruptedException e) {
      LOG.info("The outbox relay was interrupted", e);
    }
  }

  /// Until stopped, or something fails: then the lock is given back, for another relay may still
  /// reach what this one cannot.
  private void publishFor(Publisher publisher)
      throws SQLException, PublishingException, InterruptedException {
    try (var session = RelaySession.open(connections)) {
      while (running && !session.lock()) waitFor(TURN_INTERVAL);
      while (running) {
        var page = session.page(properties.pageRows());
        if (page.isEmpty()) {
          waitFor(properties.pollInterval());
        } else {
          var outcome = publisher.publish(page);
          session.delete(outcome.acknowledged());
          if (outcome.failure().isPresent()) throw new PublishingException(outcome.failure().get());
          if (!RelaySession.isFull(page, properties.pageRows())) Thread.sleep(properties.linger());
        }
        pause = FIRST_PAUSE;
      }
    }
  }

  private void waitFor(Duration atMost) throws InterruptedException {
    if (wake.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) wake.drainPermits();
  }

  /// Not ended by a wake-up, which would turn a busy service into a busy loop.
  private void backOff() throws InterruptedException {
    var until = System.nanoTime() + pause.toNanos();
    while (running && System.nanoTime() < until) Thread.sleep(50);
    var longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  /// Kafka did not acknowledge all of a page.
  private static final class PublishingException extends Exception {
    PublishingException(Exception cause) {
      super(cause);
    }
  }
}
