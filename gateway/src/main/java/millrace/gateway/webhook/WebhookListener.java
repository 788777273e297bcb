package millrace.gateway.webhook;

import java.util.List;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Hears everything that a merchant may want to know.
@Component
class WebhookListener {
  private final Noticing noticing;

  WebhookListener(Noticing noticing) {
    this.noticing = noticing;
  }

  @KafkaListener(
      topics = {Topics.CHANNELS, Topics.SETTLEMENT, Topics.GUARD},
      containerFactory = "eventListeners",
      groupId = "${millrace.gateway.consumer-group:millrace-gateway}-webhooks")
  void on(List<ReceivedEvent> events) {
    noticing.take(events);
  }
}
