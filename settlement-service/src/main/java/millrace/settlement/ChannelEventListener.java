package millrace.settlement;

import java.util.LinkedHashMap;
import java.util.List;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.ChannelEvent.ChannelClosed;
import millrace.messaging.event.ChannelEvent.ChannelFrozen;
import millrace.messaging.event.ChannelEvent.ChannelOpened;
import millrace.messaging.event.ChannelEvent.ChannelOverclaimed;
import millrace.messaging.event.ChannelEvent.ChannelThawed;
import millrace.messaging.event.ChannelEvent.Claimable;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.GiveBackSent;
import millrace.messaging.event.ChannelEvent.HoldEnded;
import millrace.messaging.event.ChannelEvent.MerchantEarned;
import millrace.messaging.event.ChannelEvent.PayoutCancelRequested;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.settlement.claim.Claimables;
import millrace.settlement.deposit.DepositIntake;
import millrace.settlement.payout.Earnings;
import millrace.settlement.payout.PayoutIntake;
import millrace.settlement.refund.RefundIntake;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Takes in what channel-service says, as many events in one transaction as Kafka hands over.
/// Every one may come again.
@Component
class ChannelEventListener {
  private final Claimables claimables;
  private final DepositIntake deposits;
  private final RefundIntake refunds;
  private final PayoutIntake payouts;
  private final Earnings earnings;

  ChannelEventListener(
      Claimables claimables,
      DepositIntake deposits,
      RefundIntake refunds,
      PayoutIntake payouts,
      Earnings earnings) {
    this.claimables = claimables;
    this.deposits = deposits;
    this.refunds = refunds;
    this.payouts = payouts;
    this.earnings = earnings;
  }

  @KafkaListener(topics = Topics.CHANNELS, containerFactory = "eventListeners")
  @Transactional
  public void take(List<ReceivedEvent> received) {
    var newest = new LinkedHashMap<String, ReceivedEvent>();
    for (var event : received) {
      if (event.is(Claimable.class)) {
        // What is due is cumulative: earlier payments of the channel need not even be read.
        newest.put(event.key(), event);
      } else if (event.event() instanceof ChannelEvent ofChannel) {
        take(ofChannel);
      }
    }
    claimables.take(
        newest.values().stream().map(ReceivedEvent::event).map(Claimable.class::cast).toList());
  }

  private void take(ChannelEvent event) {
    switch (event) {
      case Claimable claimable -> throw new IllegalStateException("taken before: " + claimable);
      case DepositAuthorized deposit -> deposits.take(deposit);
      case RefundAuthorized refund -> refunds.take(refund);
      case PayoutRequested payout -> payouts.take(payout);
      case PayoutCancelRequested asked -> payouts.cancel(asked);
      case MerchantEarned earned -> earnings.take(earned);
      case GiveBackRequested refund -> earnings.take(refund);
      case ChannelOpened _,
          ChannelOverclaimed _,
          ChannelFrozen _,
          ChannelThawed _,
          ChannelClosed _ -> {
        // What they say came from here.
      }
      case HoldEnded _ -> {
        // What was captured comes as a payment; what was not was never due.
      }
      case GiveBackFailed failed -> earnings.take(failed);
      case GiveBackSent _ -> {
        // As it was told here.
      }
    }
  }
}
