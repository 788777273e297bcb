package millrace.gateway;

import java.util.List;
import millrace.gateway.balance.BalanceLog;
import millrace.gateway.balance.Promises;
import millrace.gateway.channel.GuardLog;
import millrace.gateway.payment.PaymentLog;
import millrace.gateway.webhook.Noticing;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Hears what the other services say, once for all of the gateway: reading an event costs more
/// than any use of it. Every one may come again.
@Component
class HubEventListener {
  private final PaymentLog payments;
  private final GuardLog guards;
  private final Noticing noticing;
  private final Promises promises;
  private final BalanceLog balances;

  HubEventListener(
      PaymentLog payments,
      GuardLog guards,
      Noticing noticing,
      Promises promises,
      BalanceLog balances) {
    this.payments = payments;
    this.guards = guards;
    this.noticing = noticing;
    this.promises = promises;
    this.balances = balances;
  }

  @KafkaListener(
      topics = {Topics.CHANNELS, Topics.SETTLEMENT, Topics.GUARD},
      containerFactory = "eventListeners",
      groupId = "${millrace.gateway.consumer-group:millrace-gateway}")
  void on(List<ReceivedEvent> events) {
    payments.take(events);
    guards.take(events);
    balances.take(events);
    noticing.take(events);
    promises.take(events);
  }
}
