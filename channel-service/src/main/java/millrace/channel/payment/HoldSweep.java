package millrace.channel.payment;

import java.time.Clock;
import millrace.protocol.type.PaymentId;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Ends the holds whose time is over. Every replica may: the channel's row lock decides.
@Component
class HoldSweep {
  private final Endings<PaymentId> endings;
  private final Clock clock;

  HoldSweep(PaymentRows payments, Holds holds, Clock clock) {
    this.endings = new Endings<>("hold", payments::holdsToEnd, holds::expire);
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = "${millrace.channel.payment.sweep-interval:5s}")
  void sweep() {
    endings.run(clock.instant());
  }
}
