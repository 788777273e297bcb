package millrace.gateway.payment;

import java.util.List;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Keeps the log up with channel-service.
@Component
class PaymentListener {
  private final PaymentLog log;

  PaymentListener(PaymentLog log) {
    this.log = log;
  }

  @KafkaListener(
      topics = Topics.CHANNELS,
      containerFactory = "eventListeners",
      groupId = "${millrace.gateway.consumer-group:millrace-gateway}-payments")
  void on(List<ReceivedEvent> events) {
    var payments =
        events.stream()
            .map(ReceivedEvent::event)
            .filter(PaymentAccepted.class::isInstance)
            .map(PaymentAccepted.class::cast)
            .toList();
    if (!payments.isEmpty()) log.add(payments);
  }
}
