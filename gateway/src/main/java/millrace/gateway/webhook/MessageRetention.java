package millrace.gateway.webhook;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Forgets old messages: the payments they tell of stay where they are.
@Component
class MessageRetention {
  private static final Logger LOG = LoggerFactory.getLogger(MessageRetention.class);

  private final Deliveries deliveries;
  private final WebhookSettings settings;
  private final Clock clock;

  MessageRetention(Deliveries deliveries, WebhookSettings settings, Clock clock) {
    this.deliveries = deliveries;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = "1h", initialDelayString = "10m")
  void forget() {
    try {
      int forgotten = deliveries.forgetOlderThan(clock.instant().minus(settings.kept()));
      LOG.debug("{} old messages forgotten", forgotten);
    } catch (DataAccessException away) {
      LOG.warn("old messages are kept for now: {}", away.toString());
    }
  }
}
