package millrace.gateway.webhook;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import millrace.gateway.outbound.OutboundAnswer;
import millrace.gateway.outbound.OutboundException;
import millrace.gateway.webhook.Deliveries.Due;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Sends what is due, for as long as the gateway runs. No transaction is open while a message is on
/// its way. One endpoint gets only so many messages at a time, and none while it is silent, so a
/// dead one holds up nobody else.
final class WebhookWorker implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookWorker.class);
  private static final int GONE = 410;
  private static final Duration LAST_ROUND = Duration.ofSeconds(3);

  private final Deliveries deliveries;
  private final WebhookEndpoints endpoints;
  private final WebhookSender sender;
  private final WebhookSettings settings;
  private final RetrySchedule schedule;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Map<String, Guards> guards = new ConcurrentHashMap<>();
  private final Semaphore slots;
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean running;
  private volatile @Nullable Thread thread;

  WebhookWorker(
      Deliveries deliveries,
      WebhookEndpoints endpoints,
      WebhookSender sender,
      WebhookSettings settings,
      Clock clock,
      MeterRegistry metrics) {
    this.deliveries = deliveries;
    this.endpoints = endpoints;
    this.sender = sender;
    this.settings = settings;
    this.schedule = new RetrySchedule(settings.retryDelays());
    this.clock = clock;
    this.metrics = metrics;
    this.slots = new Semaphore(settings.concurrency());
  }

  @Override
  public void start() {
    // Before the thread, which may be quicker than the assignment of its name.
    running = true;
    thread = Thread.ofVirtual().name("webhooks").start(this::run);
  }

  private void run() {
    while (running) {
      try {
        if (!round()) {
          boolean woken = wake.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS);
          if (woken) wake.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException databaseAway) {
        LOG.warn("webhooks wait: {}", databaseAway.toString());
        pause();
      }
    }
  }

  /// True when there may be more to do at once.
  private boolean round() {
    int free = slots.availablePermits();
    if (free == 0) return false;
    var now = clock.instant();
    var lease = now.plus(settings.timeout()).plus(settings.lease());
    boolean any = false;
    for (var due : deliveries.take(free, busy(), now, lease)) {
      var guard = guards.computeIfAbsent(due.endpoint(), this::guards);
      if (guard.bulkhead.tryAcquirePermission()) {
        any = true;
        slots.acquireUninterruptibly();
        Thread.ofVirtual().name("webhook").start(() -> attempt(due, guard));
      } else {
        deliveries.putBack(due);
      }
    }
    return any;
  }

  private Set<String> busy() {
    return guards.entrySet().stream()
        .filter(entry -> entry.getValue().isBusy())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void attempt(Due due, Guards guard) {
    long start = System.nanoTime();
    try {
      var answer = sender.send(due);
      guard.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      settle(due, answer);
    } catch (OutboundException failure) {
      guard.breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
      failed(due, Optional.empty(), failure.kind() + ": " + failure.getMessage());
    } catch (RuntimeException unrecorded) {
      // The lease ends, and the message is sent again with the same id.
      LOG.warn("the outcome of {} is not recorded: {}", due.message(), unrecorded.toString());
    } finally {
      guard.bulkhead.onComplete();
      slots.release();
      wake.release();
    }
  }

  private void settle(Due due, OutboundAnswer answer) {
    if (answer.status() >= 200 && answer.status() < 300) {
      count("delivered");
      deliveries.delivered(due, answer.status(), clock.instant());
    } else if (answer.status() == GONE) {
      count("gone");
      endpoints.gone(due.endpoint());
      deliveries.failed(due, Optional.of(GONE), "the endpoint is gone", Optional.empty());
    } else {
      failed(due, Optional.of(answer.status()), "status " + answer.status());
    }
  }

  private void failed(Due due, Optional<Integer> status, String error) {
    var delay = schedule.afterAttempt(due.attempt(), ThreadLocalRandom.current().nextDouble());
    count(delay.isPresent() ? "retried" : "given_up");
    deliveries.failed(due, status, error, delay.map(clock.instant()::plus));
  }

  private void count(String result) {
    metrics.counter("millrace.gateway.webhook.attempts", "result", result).increment();
  }

  private Guards guards(String endpoint) {
    return new Guards(
        Bulkhead.of(
            endpoint,
            BulkheadConfig.custom()
                .maxConcurrentCalls(settings.endpointConcurrency())
                .maxWaitDuration(Duration.ZERO)
                .build()),
        CircuitBreaker.of(
            endpoint,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(50)
                .minimumNumberOfCalls(20)
                .failureRateThreshold(90)
                .waitDurationInOpenState(Duration.ofSeconds(30))
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .build()));
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
    wake.release();
    var last = thread;
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

  private record Guards(Bulkhead bulkhead, CircuitBreaker breaker) {
    boolean isBusy() {
      return bulkhead.getMetrics().getAvailableConcurrentCalls() == 0
          || breaker.getState() == CircuitBreaker.State.OPEN;
    }
  }
}
