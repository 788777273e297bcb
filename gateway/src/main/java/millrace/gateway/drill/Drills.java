package millrace.gateway.drill;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.protocol.type.ChannelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.annotation.Transactional;

/// Remembers drills, and says when one was answered last: any replica says so, also after a start.
@Repository
class Drills {
  private static final Logger LOG = LoggerFactory.getLogger(Drills.class);

  private final JdbcClient jdbc;
  private final AuditLog audit;
  private volatile double successSeconds = Double.NaN;
  private volatile double answerSeconds = Double.NaN;

  Drills(JdbcClient jdbc, AuditLog audit, MeterRegistry metrics) {
    this.jdbc = jdbc;
    this.audit = audit;
    Gauge.builder("millrace.gateway.drill.success", () -> successSeconds)
        .description("when a staged withdrawal was last answered, in Unix time")
        .baseUnit("seconds")
        .register(metrics);
    Gauge.builder("millrace.gateway.drill.answer", () -> answerSeconds)
        .description("how long the last answer to a staged withdrawal took")
        .baseUnit("seconds")
        .register(metrics);
  }

  record Drill(
      String id,
      String kind,
      boolean answered,
      ChannelId channel,
      long guardedMillis,
      Optional<Long> answerMillis,
      Optional<Long> gas,
      Optional<BigInteger> feeWei,
      Instant at) {}

  @Transactional
  public void add(Drill drill) {
    jdbc.sql(
            """
            INSERT INTO drill
              (id, kind, answered, channel_id, guarded_ms, answer_ms, gas, fee_wei, at)
            VALUES (:id, :kind, :answered, :channel, :guarded, :answer, :gas, :fee, :at)
            """)
        .param("id", drill.id())
        .param("kind", drill.kind())
        .param("answered", drill.answered())
        .param("channel", drill.channel().toArray())
        .param("guarded", drill.guardedMillis())
        .param("answer", drill.answerMillis().orElse(null), Types.BIGINT)
        .param("gas", drill.gas().orElse(null), Types.BIGINT)
        .param("fee", drill.feeWei().map(BigDecimal::new).orElse(null), Types.NUMERIC)
        .param("at", OffsetDateTime.ofInstant(drill.at(), ZoneOffset.UTC))
        .update();
    audit.note(drill.id());
  }

  /// Which drills somebody looks for.
  record Filter(Optional<Boolean> answered, Optional<ChannelId> channel, Period period) {}

  List<Drill> list(Filter wanted, PageRequest page) {
    return jdbc.sql(
            """
            SELECT * FROM drill
             WHERE id < :before AND at >= :from AND at < :to
               AND (:answered::boolean IS NULL OR answered = :answered)
               AND (:channel::bytea IS NULL OR channel_id = :channel)
             ORDER BY id DESC LIMIT :limit
            """)
        .param("before", page.before())
        .param("from", wanted.period().fromTime())
        .param("to", wanted.period().toTime())
        .param("answered", wanted.answered().orElse(null), Types.BOOLEAN)
        .param("channel", wanted.channel().map(ChannelId::toArray).orElse(null), Types.BINARY)
        .param("limit", page.limitAndOne())
        .query(Drills::drill)
        .list();
  }

  @Scheduled(fixedDelay = 30_000)
  void look() {
    try {
      jdbc.sql("SELECT * FROM drill WHERE answered ORDER BY at DESC LIMIT 1")
          .query(Drills::drill)
          .optional()
          .ifPresent(
              last -> {
                successSeconds = last.at().toEpochMilli() / 1e3;
                answerSeconds = last.answerMillis().orElseThrow() / 1e3;
              });
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("the last drill is not known: {}", e.toString());
    }
  }

  private static Drill drill(ResultSet row, int number) throws SQLException {
    return new Drill(
        row.getString("id"),
        row.getString("kind"),
        row.getBoolean("answered"),
        ChannelId.of(row.getBytes("channel_id")),
        row.getLong("guarded_ms"),
        Optional.ofNullable(row.getObject("answer_ms", Long.class)),
        Optional.ofNullable(row.getObject("gas", Long.class)),
        Optional.ofNullable(row.getBigDecimal("fee_wei")).map(BigDecimal::toBigIntegerExact),
        row.getObject("at", OffsetDateTime.class).toInstant());
  }
}
