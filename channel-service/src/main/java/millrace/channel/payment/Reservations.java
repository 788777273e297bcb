package millrace.channel.payment;

import java.time.Clock;
import millrace.protocol.type.ChannelId;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Ends reservations that nobody captured or released. Every replica may: the row lock decides.
@Component
public class Reservations {
  private final Payments payments;
  private final Endings<ChannelId> endings;
  private final Clock clock;

  Reservations(PaymentRows rows, Payments payments, Clock clock) {
    this.payments = payments;
    this.endings = new Endings<>("reservation of", rows::overdue, payments::expire);
    this.clock = clock;
  }

  /// Lets the channel's reservation go if it has ended, in the caller's transaction.
  @Transactional(propagation = Propagation.MANDATORY)
  public void expire(ChannelId channel) {
    boolean _ = payments.expire(channel);
  }

  @Scheduled(fixedDelayString = "${millrace.channel.payment.sweep-interval:5s}")
  void sweep() {
    endings.run(clock.instant());
  }
}
