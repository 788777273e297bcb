package millrace.channel.payment;

import java.time.Clock;
import java.util.List;
import millrace.protocol.type.ChannelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Ends reservations that nobody captured or released. Every replica may: the row lock decides.
@Component
public class Reservations {
  private static final Logger LOG = LoggerFactory.getLogger(Reservations.class);
  private static final int AT_ONCE = 200;

  private final PaymentRows rows;
  private final Payments payments;
  private final Clock clock;

  Reservations(PaymentRows rows, Payments payments, Clock clock) {
    this.rows = rows;
    this.payments = payments;
    this.clock = clock;
  }

  /// Lets the channel's reservation go if it has ended, in the caller's transaction.
  @Transactional(propagation = Propagation.MANDATORY)
  public void expire(ChannelId channel) {
    payments.expire(List.of(channel));
  }

  @Scheduled(fixedDelayString = "${millrace.channel.payment.sweep-interval:5s}")
  void sweep() {
    try {
      var overdue = rows.overdue(clock.instant(), AT_ONCE);
      if (!overdue.isEmpty()) payments.expire(overdue);
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("ended reservations stay until the next sweep: {}", e.toString());
    }
  }
}
