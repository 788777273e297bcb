package millrace.gateway.payout;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.gateway.hub.Hub;
import millrace.gateway.hub.HubException;
import millrace.gateway.merchant.PayoutScheduleSettings;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.payout.ScheduleTurns.Turn;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Asks for payouts that merchants' schedules make due, in the merchants' place. Every gateway runs
/// one. What keeps a payout single is its name, which channel-service takes once; the lease only
/// saves work.
@Component
class PayoutScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(PayoutScheduler.class);
  private static final String POLL = "${millrace.gateway.payout-schedule.poll:10s}";
  private static final int MOST_AT_ONCE = 50;

  private final ScheduleTurns turns;
  private final Payouts payouts;
  private final Hub hub;
  private final PayoutScheduleSettings settings;
  private final Address token;
  private final MeterRegistry metrics;
  private final Clock clock;

  PayoutScheduler(
      ScheduleTurns turns,
      Payouts payouts,
      Hub hub,
      PayoutScheduleSettings settings,
      HubTerms terms,
      MeterRegistry metrics,
      Clock clock) {
    this.turns = turns;
    this.payouts = payouts;
    this.hub = hub;
    this.settings = settings;
    this.token = terms.token().address();
    this.metrics = metrics;
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = POLL, initialDelayString = POLL)
  void round() {
    try {
      List<Turn> due;
      do {
        due = turns.take(MOST_AT_ONCE, settings.lease());
      } while (perform(due) && due.size() == MOST_AT_ONCE);
    } catch (DataAccessException away) {
      LOG.warn("payouts by schedule wait: {}", away.toString());
    }
  }

  /// @return false when channel-service did not answer, and asking on is of no use
  private boolean perform(List<Turn> due) {
    boolean answered = true;
    for (var turn : due) {
      try {
        if (answered) {
          perform(turn);
        } else {
          turns.putBack(turn, settings.pause());
        }
      } catch (HubException away) {
        LOG.warn("a payout by schedule waits: {}", away.toString());
        turns.putBack(turn, settings.pause());
        answered = false;
      }
    }
    return answered;
  }

  private void perform(Turn turn) {
    var enough = turn.threshold().orElse(settings.least());
    if (enough.exceeds(available(turn))) {
      turns.end(turn, next(turn), false);
      return;
    }
    switch (payouts.request(turn.merchant(), Optional.empty(), turn.key(), Metadata.NONE)) {
      case PayoutOutcome.Taken(var payout, var replayed) -> {
        if (!replayed) count("requested");
        LOG.debug("payout {} by schedule of {}", payout.id(), turn.merchant());
        // A repeat of an earlier request says nothing about what has come in since.
        turns.end(turn, replayed && turn.interval().isEmpty() ? turn.dueAt() : next(turn), true);
      }
      case PayoutOutcome.Refused(var reason) -> refused(turn, reason);
    }
  }

  private void refused(Turn turn, RefusalReason reason) {
    count("refused");
    switch (reason) {
      case INSUFFICIENT_FUNDS -> turns.end(turn, next(turn), false);
      case IDEMPOTENCY_KEY_REUSED -> {
        LOG.error("{} was asked for with other parameters, by {}", turn.key(), turn.merchant());
        turns.end(turn, next(turn), true);
      }
      default -> {
        LOG.warn("a payout by schedule of {} is refused: {}", turn.merchant(), reason);
        turns.putBack(turn, settings.pause());
      }
    }
  }

  private Amount available(Turn turn) {
    return hub.balances(turn.merchant()).stream()
        .filter(balance -> balance.token().equals(token))
        .map(BalanceView::available)
        .findFirst()
        .orElse(Amount.ZERO);
  }

  /// Periods that nobody was there for are left out: their money is in the payout that comes now.
  /// A clock that is behind the database's must not make the same period come again.
  private Instant next(Turn turn) {
    var now = clock.instant();
    return turn.interval()
        .map(every -> every.next(now.isBefore(turn.dueAt()) ? turn.dueAt() : now))
        .orElseGet(() -> now.plus(settings.checkEvery()));
  }

  private void count(String result) {
    metrics.counter("millrace.gateway.payouts.scheduled", "result", result).increment();
  }
}
