package millrace.channel.chain;

import java.util.List;
import millrace.messaging.event.Event;
import org.springframework.context.ApplicationContext;

/// Hands events to a service as its listener would, without Kafka in between.
public final class Reported {
  private Reported() {}

  public static void to(ApplicationContext service, Event... events) {
    service.getBean(Reports.class).take(List.of(events));
  }
}
