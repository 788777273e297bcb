package millrace.channel.payment;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/// Ends what is over, each in a transaction of its own. What cannot be ended is put aside, so that
/// what comes behind it is, however many of its kind there are.
///
/// @param <I> names one of them
final class Endings<I> {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
  private static final int AT_ONCE = 200;
  private static final int MOST_ASIDE = 20_000;
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final String kind;
  private final Over<I> over;
  private final Predicate<I> end;
  private final Map<I, Instant> aside = new HashMap<>();
  private Instant lastTrace = Instant.EPOCH;

  /// @param kind what they are called in the log
  /// @param end whether it is over and done with
  Endings(String kind, Over<I> over, Predicate<I> end) {
    this.kind = kind;
    this.over = over;
    this.end = end;
  }

  void run(Instant now) {
    aside.values().removeIf(until -> !now.isBefore(until));
    try {
      List<I> found;
      do {
        found = over.find(now, aside.keySet(), AT_ONCE);
        for (var one : found) end(one, now);
      } while (found.size() >= AT_ONCE && aside.size() < MOST_ASIDE);
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("{}s that are over stay until the next sweep: {}", kind, e.toString());
    }
  }

  private void end(I one, Instant now) {
    try {
      if (!end.test(one)) aside.put(one, now);
    } catch (DataAccessResourceFailureException | TransactionException away) {
      // PostgreSQL is not there, and the next ones would find that out one after another.
      throw away;
    } catch (TransientDataAccessException busy) {
      LOG.warn("{} {} is over and stays until the next sweep: {}", kind, one, busy.toString());
      aside.put(one, now);
    } catch (RuntimeException e) {
      LOG.error("{} {} is over and cannot be ended, for a while: {}", kind, one, e.toString());
      // One of a sweep is enough to find the reason by.
      if (!now.equals(lastTrace)) LOG.error("the first of them", e);
      lastTrace = now;
      aside.put(one, now.plus(PAUSE));
    }
  }

  /// Finds what is over.
  interface Over<I> {
    /// @param but these
    List<I> find(Instant now, Collection<I> but, int limit);
  }
}
