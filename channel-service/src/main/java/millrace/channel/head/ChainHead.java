package millrace.channel.head;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import millrace.channel.sql.Columns;
import millrace.messaging.event.ChainEvent.HeadSeen;
import millrace.protocol.channel.HubTerms;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// When the chain was last verified. A payer could have started to leave since: after an eighth of
/// the time it has to wait, nothing is served until somebody has looked again.
@Component
public class ChainHead {
  private static final int SHARE_OF_DELAY = 8;
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final JdbcClient client;
  private final Clock clock;
  private final Duration limit;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Read last = new Read(Instant.MIN, Optional.empty());

  ChainHead(JdbcClient client, Clock clock, HubTerms terms, MeterRegistry metrics) {
    this.client = client;
    this.clock = clock;
    this.limit = Duration.ofSeconds(terms.withdrawDelaySeconds()).dividedBy(SHARE_OF_DELAY);
    Gauge.builder("millrace.channel.head.age", this, ChainHead::ageSeconds)
        .description("seconds since the chain was last verified")
        .baseUnit("seconds")
        .register(metrics);
  }

  /// Repeats and old news change nothing.
  @Transactional(propagation = Propagation.MANDATORY)
  public void record(List<HeadSeen> heads) {
    for (var head : heads) {
      client
          .sql(
              """
              INSERT INTO chain_head AS kept (block, final_block, hash, at) VALUES (?, ?, ?, ?)
              ON CONFLICT (only_one) DO UPDATE SET
                block = excluded.block, final_block = excluded.final_block,
                hash = excluded.hash, at = excluded.at
              WHERE kept.at < excluded.at
              """)
          .params(Columns.list(head.block(), head.finalBlock(), head.hash(), head.at()))
          .update();
    }
  }

  public boolean isStale() {
    return seenAt().filter(at -> !at.plus(limit).isBefore(clock.instant())).isEmpty();
  }

  private Optional<Instant> seenAt() {
    if (isFresh(last)) return last.seenAt();
    // One looks, and those who came meanwhile take what it saw.
    reading.lock();
    try {
      if (!isFresh(last)) last = new Read(clock.instant(), read());
      return last.seenAt();
    } finally {
      reading.unlock();
    }
  }

  private boolean isFresh(Read read) {
    return read.at().isAfter(clock.instant().minus(KEPT));
  }

  private Optional<Instant> read() {
    return client
        .sql("SELECT at FROM chain_head")
        .query((row, number) -> Columns.instant(row, "at"))
        .optional();
  }

  private double ageSeconds() {
    return last.seenAt()
        .map(at -> Duration.between(at, clock.instant()).toMillis() / 1000.0)
        .orElse(Double.NaN);
  }

  /// @param at when the row was read
  /// @param seenAt what it said, if there was one
  private record Read(Instant at, Optional<Instant> seenAt) {}
}
