package millrace.messaging.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Shows how long the oldest event waits and how many wait. The age keeps growing while the
/// database is away, since the sample is taken seldom and read often.
public final class OutboxGauge implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxGauge.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /// Counting further would cost more than it tells.
  private static final int MOST_ROWS = 100_000;

  private final JdbcClient jdbc;
  private final Clock clock;
  private volatile Sample sample = new Sample(null, 0);
  private @Nullable ScheduledExecutorService timer;

  public OutboxGauge(JdbcClient jdbc, Clock clock, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.clock = clock;
    TimeGauge.builder("millrace.outbox.oldest", this, TimeUnit.SECONDS, OutboxGauge::ageSeconds)
        .description("Age of the oldest event that is not published yet")
        .register(meters);
    meters.gauge("millrace.outbox.rows", this, gauge -> gauge.sample.rows());
  }

  private record Sample(@Nullable OffsetDateTime oldest, long rows) {}

  private double ageSeconds() {
    var oldest = sample.oldest();
    if (oldest == null) return 0;
    return Math.max(0, Duration.between(oldest.toInstant(), clock.instant()).toMillis() / 1000.0);
  }

  private void take() {
    try {
      sample =
          jdbc.sql(
                  """
                  SELECT (SELECT at FROM outbox ORDER BY id LIMIT 1) AS oldest,
                         (SELECT count(*) FROM (SELECT FROM outbox LIMIT :most) AS page) AS rows
                  """)
              .param("most", MOST_ROWS)
              .query(
                  (row, _) ->
                      new Sample(
                          row.getObject("oldest", OffsetDateTime.class), row.getLong("rows")))
              .single();
    } catch (DataAccessException e) {
      LOG.warn("The outbox cannot be measured now: {}", e.toString());
    }
  }

  @Override
  public synchronized void start() {
    if (timer != null) return;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("outbox-gauge").daemon().factory());
    var _ = timer.scheduleWithFixedDelay(this::take, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void stop() {
    if (timer != null) timer.shutdownNow();
    timer = null;
  }

  @Override
  public synchronized boolean isRunning() {
    return timer != null;
  }
}
