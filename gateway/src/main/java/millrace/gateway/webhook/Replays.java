package millrace.gateway.webhook;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.webhook.Messages.Told;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/// Tells an endpoint again, oldest first and a portion in each transaction. Doing it twice does no
/// harm.
@Service
class Replays {
  private static final int PORTION = 1_000;

  private final Messages messages;
  private final Deliveries deliveries;
  private final TransactionTemplate transaction;
  private final AuditLog audit;

  Replays(
      Messages messages, Deliveries deliveries, TransactionTemplate transaction, AuditLog audit) {
    this.messages = messages;
    this.deliveries = deliveries;
    this.transaction = transaction;
    this.audit = audit;
  }

  /// All that happened from then on. Returns how many messages that is.
  ///
  /// @param all whether also what the endpoint took
  int since(WebhookEndpoint endpoint, Instant time, boolean all) {
    long before = messages.before(endpoint.merchant(), time);
    return replay(endpoint, before, all, event -> !event.at().isBefore(time));
  }

  /// All that was kept after the event at that position.
  int after(WebhookEndpoint endpoint, long position, boolean all) {
    return replay(endpoint, position, all, _ -> true);
  }

  /// A test was meant for one moment.
  private int replay(
      WebhookEndpoint endpoint, long position, boolean all, Predicate<Told> condition) {
    var types = endpoint.events();
    types.remove(EventType.ENDPOINT_TEST);
    int queued = 0;
    long from = position;
    List<Told> found;
    do {
      found = messages.after(endpoint.merchant(), from, PORTION);
      var wanted =
          found.stream().filter(event -> types.contains(event.type())).filter(condition).toList();
      boolean first = from == position;
      queued +=
          transaction.execute(
              _ -> {
                if (first) audit.note(endpoint.id());
                return deliveries.replay(endpoint, wanted, all);
              });
      if (!found.isEmpty()) from = found.getLast().position();
    } while (found.size() == PORTION);
    return queued;
  }
}
