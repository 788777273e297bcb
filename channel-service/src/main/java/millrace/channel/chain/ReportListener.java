package millrace.channel.chain;

import java.util.List;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import millrace.messaging.event.Event;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// A listener per topic, so that news of withdrawals never waits behind reports of settlement.
@Component
class ReportListener {
  private final Reports reports;

  ReportListener(Reports reports) {
    this.reports = reports;
  }

  @KafkaListener(topics = Topics.CHAIN, containerFactory = "eventListeners")
  void chain(List<ReceivedEvent> events) {
    take(events);
  }

  @KafkaListener(topics = Topics.SETTLEMENT, containerFactory = "eventListeners")
  void settlement(List<ReceivedEvent> events) {
    take(events);
  }

  /// The tower says many times a second what it holds, and the last word is enough: what comes
  /// within a quarter of a second is written together.
  @KafkaListener(
      topics = Topics.GUARD,
      containerFactory = "eventListeners",
      properties = {"fetch.min.bytes=1048576", "fetch.max.wait.ms=250"})
  void guard(List<ReceivedEvent> events) {
    take(events);
  }

  private void take(List<ReceivedEvent> received) {
    List<Event> events = received.stream().map(ReceivedEvent::event).toList();
    reports.take(events);
  }
}
