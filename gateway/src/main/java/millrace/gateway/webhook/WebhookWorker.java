package millrace.gateway.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import millrace.gateway.webhook.Traffic.Trip;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Sends what is due, for as long as the gateway runs. No transaction is open while a message is on
/// its way. A lane's messages go out one after the other, and none after one that failed.
final class WebhookWorker implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookWorker.class);
  private static final Duration LAST_ROUND = Duration.ofSeconds(3);

  private final Lanes lanes;
  private final Outcomes outcomes;
  private final WebhookSender sender;
  private final WebhookSettings settings;
  private final RetrySchedule schedule;
  private final Traffic traffic;
  private final Bell bell;
  private final Clock clock;
  private final MeterRegistry metrics;
  private volatile boolean running;
  private volatile @Nullable Thread taking;
  private volatile @Nullable Thread writing;

  WebhookWorker(
      Lanes lanes,
      Outcomes outcomes,
      WebhookSender sender,
      WebhookSettings settings,
      Bell bell,
      Clock clock,
      MeterRegistry metrics) {
    this.lanes = lanes;
    this.outcomes = outcomes;
    this.sender = sender;
    this.settings = settings;
    this.schedule = new RetrySchedule(settings.retryDelays());
    this.traffic = new Traffic(settings, System::nanoTime);
    this.bell = bell;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void start() {
    // Before the threads, which may be quicker than the assignment of their names.
    running = true;
    writing = Thread.ofVirtual().name("webhook-outcomes").start(outcomes::run);
    taking = Thread.ofVirtual().name("webhooks").start(this::run);
  }

  private void run() {
    while (running) {
      try {
        if (!round()) bell.await(settings.poll());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException databaseAway) {
        LOG.warn("webhooks wait: {}", databaseAway.toString());
        pause();
      }
    }
  }

  /// True when there may be more to take at once.
  private boolean round() {
    var allowance = traffic.allowance();
    if (allowance.limit() == 0) return false;
    var now = clock.instant();
    var lease = now.plus(settings.timeout()).plus(settings.lease());
    var runs =
        lanes.take(
            allowance.limit(),
            allowance.of(),
            settings.endpointConcurrency(),
            settings.runLength(),
            now,
            lease);
    for (var run : runs) {
      var trip = traffic.start(run.lane().endpoint());
      Thread.ofVirtual().name("webhook").start(() -> go(run, trip));
    }
    return runs.size() == allowance.limit();
  }

  private void go(Run run, Trip trip) {
    // Should we fail ourselves, the lane rests for as long as it would if we were dead.
    var outcome = new Outcome(run, List.of(), Optional.of(run.until()), false);
    try {
      outcome = send(run, trip);
    } finally {
      trip.end();
      outcomes.add(outcome);
    }
  }

  private Outcome send(Run run, Trip trip) {
    var attempts = new ArrayList<Attempt>();
    for (var parcel : run.parcels()) {
      if (!running || clock.instant().plus(settings.timeout()).isAfter(run.until())) break;
      trip.sending();
      var attempt = sender.send(run.target(), parcel);
      trip.answered(attempt.delivered());
      attempts.add(attempt);
      if (!attempt.delivered()) return failed(run, attempts);
      count("delivered");
    }
    return new Outcome(run, attempts, Optional.empty(), false);
  }

  private Outcome failed(Run run, List<Attempt> attempts) {
    var attempt = attempts.getLast();
    int number = attempt.parcel().attempts() + 1;
    var delay = schedule.afterAttempt(number, ThreadLocalRandom.current().nextDouble());
    if (attempt.gone() || delay.isEmpty()) {
      count(attempt.gone() ? "gone" : "given_up");
      return new Outcome(run, attempts, Optional.empty(), true);
    }
    count("retried");
    var asked = attempt.retryAfter().orElse(Duration.ZERO);
    var pause = delay.get().compareTo(asked) > 0 ? delay.get() : asked;
    Optional<Instant> next = Optional.of(clock.instant().plus(pause));
    return new Outcome(run, attempts, next, false);
  }

  private void count(String result) {
    metrics.counter("millrace.gateway.webhook.attempts", "result", result).increment();
  }

  private void pause() {
    try {
      Thread.sleep(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// No interrupt: it would close the connection under a running query.
  @Override
  public void stop() {
    running = false;
    bell.ring();
    join(taking);
    outcomes.stop();
    join(writing);
  }

  private static void join(@Nullable Thread last) {
    if (last == null) return;
    try {
      last.join(LAST_ROUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
