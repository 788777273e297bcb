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
  private final Lanes lanes;
  private final WebhookEndpointRepository endpoints;
  private final TransactionTemplate transaction;
  private final AuditLog audit;

  Replays(
      Messages messages,
      Deliveries deliveries,
      Lanes lanes,
      WebhookEndpointRepository endpoints,
      TransactionTemplate transaction,
      AuditLog audit) {
    this.messages = messages;
    this.deliveries = deliveries;
    this.lanes = lanes;
    this.endpoints = endpoints;
    this.transaction = transaction;
    this.audit = audit;
  }

  /// All that happened from then on. Returns how many messages that is.
  ///
  /// @param all whether also what the endpoint took
  int since(WebhookEndpoint endpoint, Instant time, boolean all) {
    long before = messages.before(endpoint.merchant(), time);
    return replay(endpoint, before, all, event -> !event.at().isBefore(time)).queued;
  }

  /// All that was kept after the event at that position.
  int after(WebhookEndpoint endpoint, long position, boolean all) {
    return replay(endpoint, position, all, _ -> true).queued;
  }

  /// Switches an endpoint on that is back, and tells it what it missed. The last of that goes into
  /// the transaction that switches it on, while nobody adds events: whatever is added later finds
  /// it on, and overtakes nothing. Returns how many messages it missed.
  int resume(WebhookEndpoint endpoint) {
    // The event that says that it was switched off is of that time. Whatever it was not told of
    // came after that one, however old it is.
    var merchant = endpoint.merchant();
    long position =
        endpoint
            .disabledAt()
            .map(time -> messages.before(merchant, time))
            .orElseGet(() -> messages.head(merchant));
    var missed = replay(endpoint, position, false, _ -> true);
    // While it is off nobody takes them.
    lanes.hurry(endpoint.id());
    return missed.queued + transaction.execute(_ -> switchOn(endpoint, missed.position));
  }

  private int switchOn(WebhookEndpoint endpoint, long position) {
    var off =
        endpoints.findLockedByIdAndMerchantIdAndDeletedAtIsNull(
            endpoint.id(), endpoint.merchant().value());
    if (off.isEmpty()) return 0;
    int missed = replay(endpoint, position, false, _ -> true).queued;
    off.get().enable();
    return missed;
  }

  /// A test was meant for one moment. Who saw the endpoint switched off and is about to add what it
  /// is not to hear of yet is waited for, so that it is found here; in a transaction nobody else
  /// adds from then on.
  private Replayed replay(
      WebhookEndpoint endpoint, long position, boolean all, Predicate<Told> condition) {
    var types = endpoint.events();
    types.remove(EventType.ENDPOINT_TEST);
    int queued = 0;
    long from = position;
    messages.awaitOthers();
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
    return new Replayed(queued, from);
  }

  /// @param queued how many messages are on their way again
  /// @param position up to which all were looked at
  private record Replayed(int queued, long position) {}
}
