package millrace.settlement;

import java.util.ArrayList;
import java.util.List;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.ChannelEvent.ChannelClosed;
import millrace.messaging.event.ChannelEvent.ChannelFrozen;
import millrace.messaging.event.ChannelEvent.ChannelOpened;
import millrace.messaging.event.ChannelEvent.ChannelThawed;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.settlement.claim.Claimables;
import millrace.settlement.deposit.DepositIntake;
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

  ChannelEventListener(
      Claimables claimables, DepositIntake deposits, RefundIntake refunds, PayoutIntake payouts) {
    this.claimables = claimables;
    this.deposits = deposits;
    this.refunds = refunds;
    this.payouts = payouts;
  }

  @KafkaListener(topics = Topics.CHANNELS, containerFactory = "eventListeners")
  @Transactional
  public void take(List<ReceivedEvent> received) {
    var payments = new ArrayList<PaymentAccepted>();
    for (var event : received) {
      if (event.event() instanceof ChannelEvent ofChannel) take(ofChannel, payments);
    }
    claimables.take(payments);
  }

  private void take(ChannelEvent event, List<PaymentAccepted> payments) {
    switch (event) {
      case PaymentAccepted payment -> payments.add(payment);
      case DepositAuthorized deposit -> deposits.take(deposit);
      case RefundAuthorized refund -> refunds.take(refund);
      case PayoutRequested payout -> payouts.take(payout);
      case ChannelOpened _, ChannelFrozen _, ChannelThawed _, ChannelClosed _ -> {
        // What they say came from here.
      }
    }
  }
}
