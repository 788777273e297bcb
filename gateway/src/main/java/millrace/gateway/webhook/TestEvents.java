package millrace.gateway.webhook;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.id.Ids;
import millrace.protocol.type.MerchantId;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Events that say what the catalogue's examples say, of objects that nobody else ever names.
@Service
class TestEvents {
  private static final Pattern ID = Pattern.compile("([a-z]+_)[0-9a-z]{26}");

  private final EventCatalogue catalogue;
  private final Deliveries deliveries;
  private final NoticeBodies bodies;
  private final JsonMapper json;
  private final Ids ids;
  private final AuditLog audit;
  private final Clock clock;

  TestEvents(
      EventCatalogue catalogue,
      Deliveries deliveries,
      NoticeBodies bodies,
      JsonMapper json,
      Ids ids,
      AuditLog audit,
      Clock clock) {
    this.catalogue = catalogue;
    this.deliveries = deliveries;
    this.bodies = bodies;
    this.json = json;
    this.ids = ids;
    this.audit = audit;
    this.clock = clock;
  }

  /// Returns the body, as it is sent.
  @Transactional
  public String make(MerchantId merchant, EventType type) {
    var now = clock.instant();
    var id = Notice.id(UUID.randomUUID(), now, merchant, type);
    var body = bodies.envelope(id, type, now, data(type, now));
    // A subject of its own: it waits for nothing, and nothing waits for it.
    deliveries.addAndKeep(new Notice(id, merchant, type, id, () -> body, now));
    audit.note(id);
    return body;
  }

  private String data(EventType type, Instant now) {
    if (!(catalogue.example(type).path("data").deepCopy() instanceof ObjectNode data)) {
      throw new IllegalStateException("the example of " + type + " has no data");
    }
    var known = ID.matcher(data.path("id").asString());
    if (known.matches()) data.put("id", ids.next(known.group(1)));
    if (data.has("created_at")) data.put("created_at", NoticeBodies.stored(now).toString());
    return json.writeValueAsString(data);
  }
}
