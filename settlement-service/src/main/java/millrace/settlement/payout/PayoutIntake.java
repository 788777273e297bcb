package millrace.settlement.payout;

import java.time.Clock;
import millrace.messaging.event.ChannelEvent.PayoutCancelRequested;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent;
import millrace.messaging.event.SettlementEvent.PayoutCancelRefused;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.settlement.chain.Workers;
import org.springframework.stereotype.Component;

/// Takes payouts in, each once.
@Component
public class PayoutIntake {
  private final HubTerms terms;
  private final Payouts payouts;
  private final Payees payees;
  private final Promises promises;
  private final Outbox outbox;
  private final Workers workers;
  private final Clock clock;

  PayoutIntake(
      HubTerms terms,
      Payouts payouts,
      Payees payees,
      Promises promises,
      Outbox outbox,
      Workers workers,
      Clock clock) {
    this.terms = terms;
    this.payouts = payouts;
    this.payees = payees;
    this.promises = promises;
    this.outbox = outbox;
    this.workers = workers;
    this.clock = clock;
  }

  /// What can never be paid fails at once, so that the merchant has the money back.
  public void take(PayoutRequested event) {
    if (payouts.existsById(event.payoutId().value())) return;
    var payout = payouts.saveAndFlush(new Payout(event));
    workers.wakeAfterCommit();
    if (!event.token().equals(terms.token().address())) {
      fail(payout, "the vault of this hub does not pay in " + event.token());
    } else if (event.payee().isZero() || event.payee().equals(terms.vault())) {
      fail(payout, "nothing can be paid to " + event.payee());
    } else if (payees.isInvalid(event.payee())) {
      fail(payout, "the vault cannot pay to " + event.payee());
    }
  }

  /// Under the lock under which payouts are promised, so one of the two comes first. A request
  /// comes after its payout: both have the merchant for key.
  public void cancel(PayoutCancelRequested event) {
    promises.lock();
    var payout = payouts.findById(event.payoutId().value());
    outbox.append(
        event.merchantId().value(),
        payout
            .filter(Payout::isWaiting)
            .<SettlementEvent>map(waiting -> waiting.cancel(clock.instant()))
            .orElseGet(() -> new PayoutCancelRefused(event.payoutId(), event.merchantId())));
  }

  private void fail(Payout payout, String why) {
    outbox.append(payout.merchant().value(), payout.fail(why, clock.instant()));
  }
}
