package millrace.channel.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.protocol.type.PaymentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Ends the holds whose time is over. Every replica may. One that cannot be ended is put aside, so
/// that those behind it are, however many of its kind there are.
@Component
class HoldSweep {
  private static final Logger LOG = LoggerFactory.getLogger(HoldSweep.class);
  private static final int AT_ONCE = 200;
  private static final int MOST_ASIDE = 20_000;
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final PaymentRows payments;
  private final Holds holds;
  private final Clock clock;
  private final Map<PaymentId, Instant> aside = new HashMap<>();
  private Instant lastTrace = Instant.EPOCH;

  HoldSweep(PaymentRows payments, Holds holds, Clock clock) {
    this.payments = payments;
    this.holds = holds;
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = "${millrace.channel.payment.sweep-interval:5s}")
  void sweep() {
    var now = clock.instant();
    aside.values().removeIf(until -> !now.isBefore(until));
    try {
      List<PaymentRow> due;
      do {
        due = payments.holdsToEnd(now, aside.keySet(), AT_ONCE);
        for (var hold : due) expire(hold, now);
      } while (due.size() >= AT_ONCE && aside.size() < MOST_ASIDE);
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("holds that are over stay until the next sweep: {}", e.toString());
    }
  }

  private void expire(PaymentRow hold, Instant now) {
    try {
      if (!holds.expire(hold)) aside.put(hold.id(), now);
    } catch (DataAccessResourceFailureException | TransactionException away) {
      // PostgreSQL is not there, and the next ones would find that out one after another.
      throw away;
    } catch (TransientDataAccessException busy) {
      LOG.warn("{} is over and stays until the next sweep: {}", hold.id(), busy.toString());
      aside.put(hold.id(), now);
    } catch (RuntimeException e) {
      LOG.error("{} is over and cannot be ended, for a while: {}", hold.id(), e.toString());
      // One of a sweep is enough to find the reason by.
      if (!now.equals(lastTrace)) LOG.error("the first of them", e);
      lastTrace = now;
      aside.put(hold.id(), now.plus(PAUSE));
    }
  }
}
