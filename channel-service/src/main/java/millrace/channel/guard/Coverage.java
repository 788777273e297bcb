package millrace.channel.guard;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.channel.sql.Columns;
import millrace.channel.sql.Transactions;
import millrace.protocol.type.ChannelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Of how many channels the tower holds what is owed, and for how long a voucher has been waiting
/// for it. Reads all channels, so not often; a wait is known as exactly as that.
@Component
class Coverage {
  private static final Logger LOG = LoggerFactory.getLogger(Coverage.class);

  /// Enough to raise an alarm by, and little enough to remember.
  private static final int MOST_REMEMBERED = 50_000;

  private final JdbcClient client;
  private final Exposure exposure;
  private final Guards guards;
  private final Transactions transactions;
  private final Clock clock;
  private final Map<ChannelId, Waiting> waiting = new HashMap<>();
  private volatile double open = Double.NaN;
  private volatile double guarded = Double.NaN;
  private volatile Optional<Instant> oldest = Optional.empty();

  Coverage(
      JdbcClient client,
      Exposure exposure,
      Guards guards,
      Transactions transactions,
      Clock clock,
      MeterRegistry metrics) {
    this.client = client;
    this.exposure = exposure;
    this.guards = guards;
    this.transactions = transactions;
    this.clock = clock;
    Gauge.builder("millrace.channel.open", () -> open)
        .description("channels that hold money")
        .register(metrics);
    Gauge.builder("millrace.channel.guarded", () -> guarded)
        .description("of them, those whose vouchers the watchtower has, but for the newest ones")
        .register(metrics);
    Gauge.builder("millrace.channel.unguarded.age", this, Coverage::oldestSeconds)
        .description("for how long the oldest voucher has waited for the watchtower")
        .baseUnit("seconds")
        .register(metrics);
  }

  /// @param sequence that the tower has to reach
  /// @param since when we first saw that it had not
  private record Waiting(long sequence, Instant since) {}

  private record Exposed(ChannelId channel, long sequence, long guarded) {}

  @Scheduled(fixedDelayString = "${millrace.channel.exposure.check-interval:30s}")
  void check() {
    try {
      exposure.look();
      if (exposure.isHigh()) {
        transactions.run(guards::countClaimed);
        exposure.look();
      }
      long counted = count();
      long behind = remember(exposed());
      open = counted;
      guarded = Math.max(0, counted - behind);
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("what the watchtower holds was not counted: {}", e.toString());
    }
  }

  private long count() {
    return client.sql("SELECT count(*) FROM channel WHERE balance > 0").query(Long.class).single();
  }

  private List<Exposed> exposed() {
    return client
        .sql(
            """
            SELECT c.channel_id, c.sequence, coalesce(g.sequence, 0) AS guarded
              FROM channel AS c LEFT JOIN guard AS g ON g.channel_id = c.channel_id
             WHERE c.charged > c.claimed AND c.charged > coalesce(g.charged, 0) LIMIT ?
            """)
        .param(MOST_REMEMBERED)
        .query(
            (row, number) ->
                new Exposed(
                    Columns.channelId(row, "channel_id"),
                    row.getLong("sequence"),
                    row.getLong("guarded")))
        .list();
  }

  /// A channel that is paid from all the time is always a little exposed; what counts is whether
  /// the tower gets where the channel was when we looked before.
  ///
  /// @return of how many channels it did not
  private long remember(List<Exposed> exposed) {
    var now = clock.instant();
    var before = Map.copyOf(waiting);
    waiting.clear();
    for (var one : exposed) {
      var known = before.get(one.channel());
      boolean isReached = known == null || one.guarded() >= known.sequence();
      waiting.put(one.channel(), isReached ? new Waiting(one.sequence(), now) : known);
    }
    oldest = waiting.values().stream().map(Waiting::since).min(Instant::compareTo);
    return waiting.values().stream().filter(one -> one.since().isBefore(now)).count();
  }

  private double oldestSeconds() {
    return oldest.map(at -> Duration.between(at, clock.instant()).toMillis() / 1e3).orElse(0.0);
  }
}
