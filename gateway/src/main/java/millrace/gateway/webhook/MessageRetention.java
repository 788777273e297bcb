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

  private static final int PORTION = 2_000;

  private final Messages messages;
  private final WebhookSettings settings;
  private final Clock clock;

  MessageRetention(Messages messages, WebhookSettings settings, Clock clock) {
    this.messages = messages;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = "1h", initialDelayString = "10m")
  void forget() {
    try {
      var age = clock.instant().minus(settings.kept());
      while (messages.forgetOlderThan(age, PORTION) == PORTION) LOG.debug("old messages forgotten");
      int followers = messages.forgetFollowersOlderThan(age);
      LOG.debug("{} who read no events any more are not waited for", followers);
    } catch (DataAccessException away) {
      LOG.warn("old messages are kept for now: {}", away.toString());
    }
  }
}
