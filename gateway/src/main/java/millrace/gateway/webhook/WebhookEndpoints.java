package millrace.gateway.webhook;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.id.Ids;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.webhook.Messages.Told;
import millrace.gateway.webhook.Target.Keys;
import millrace.protocol.type.MerchantId;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// A merchant's endpoints.
@Service
class WebhookEndpoints {
  private static final int SECRET_BYTES = 24;
  private static final int MAX_ENDPOINTS = 20;

  private final WebhookEndpointRepository endpoints;
  private final Deliveries deliveries;
  private final Lanes lanes;
  private final NoticeBodies bodies;
  private final WebhookSettings settings;
  private final Ids ids;
  private final Clock clock;
  private final AuditLog audit;
  private final SecureRandom random = new SecureRandom();

  WebhookEndpoints(
      WebhookEndpointRepository endpoints,
      Deliveries deliveries,
      Lanes lanes,
      NoticeBodies bodies,
      WebhookSettings settings,
      Ids ids,
      Clock clock,
      AuditLog audit) {
    this.endpoints = endpoints;
    this.deliveries = deliveries;
    this.lanes = lanes;
    this.bodies = bodies;
    this.settings = settings;
    this.ids = ids;
    this.clock = clock;
    this.audit = audit;
  }

  @Transactional
  public WebhookEndpoint add(
      MerchantId merchant,
      String url,
      Set<EventType> events,
      Set<SignatureScheme> signatures,
      String description,
      Metadata metadata) {
    if (endpoints.countByMerchantIdAndDeletedAtIsNull(merchant.value()) >= MAX_ENDPOINTS) {
      throw Problem.of(ProblemCode.LIMIT_REACHED, "At most " + MAX_ENDPOINTS + " endpoints.")
          .asException();
    }
    var endpoint =
        new WebhookEndpoint(
            ids.next("we_"), merchant, url, events, signatures, newKeys(), clock.instant());
    endpoint.describe(description);
    endpoint.note(metadata);
    audit.note(endpoint.id());
    return endpoints.save(endpoint);
  }

  private Keys newKeys() {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new Keys("whsec_" + Base64.getEncoder().encodeToString(secret), Ed25519.newKey());
  }

  @Transactional(readOnly = true)
  public Optional<WebhookEndpoint> find(MerchantId merchant, String id) {
    return endpoints.findByIdAndMerchantIdAndDeletedAtIsNull(id, merchant.value());
  }

  /// Which endpoints somebody looks for.
  ///
  /// @param event those that listen to it
  record Filter(
      Optional<WebhookEndpoint.Status> status, Optional<EventType> event, Period period) {}

  @Transactional(readOnly = true)
  public List<WebhookEndpoint> list(MerchantId merchant, Filter wanted, PageRequest page) {
    return endpoints.list(
        merchant.value(),
        wanted.status().map(Enum::name).orElse(""),
        wanted.event().map(EventType::wire).orElse(""),
        wanted.period().fromTime().toInstant(),
        wanted.period().toTime().toInstant(),
        page.before(),
        Limit.of(page.limitAndOne()));
  }

  /// Empty when the merchant has no such endpoint.
  @Transactional
  public Optional<WebhookEndpoint> change(
      MerchantId merchant, String id, Consumer<WebhookEndpoint> change) {
    var found = lock(merchant, id);
    found.ifPresent(
        endpoint -> {
          boolean wasEnabled = endpoint.disabledAt().isEmpty();
          endpoint.complete(Ed25519.newKey());
          change.accept(endpoint);
          audit.note(id);
          if (!wasEnabled && endpoint.disabledAt().isEmpty()) lanes.hurry(id);
        });
    return found;
  }

  @Transactional
  public Optional<WebhookEndpoint> rotate(MerchantId merchant, String id) {
    var overlap = clock.instant().plus(settings.secretOverlap());
    return change(merchant, id, endpoint -> endpoint.rotate(newKeys(), overlap));
  }

  /// False when the merchant has no such endpoint.
  @Transactional
  public boolean remove(MerchantId merchant, String id) {
    var found = lock(merchant, id);
    found.ifPresent(
        endpoint -> {
          endpoint.delete(clock.instant());
          lanes.drop(id);
          audit.note(id);
        });
    return found.isPresent();
  }

  private Optional<WebhookEndpoint> lock(MerchantId merchant, String id) {
    return endpoints.findLockedByIdAndMerchantIdAndDeletedAtIsNull(id, merchant.value());
  }

  /// Sends an event about nothing, whatever the endpoint listens to. Returns the message's id.
  @Transactional
  public String test(WebhookEndpoint endpoint) {
    var notice = notice(endpoint, EventType.ENDPOINT_TEST, clock.instant());
    deliveries.addTo(endpoint.id(), notice);
    audit.note(endpoint.id());
    return notice.id();
  }

  /// Once more to one endpoint, whether it ever heard of it or not.
  @Transactional
  public void resend(WebhookEndpoint endpoint, Told event) {
    deliveries.addTo(
        endpoint.id(),
        new Notice(
            event.id(),
            endpoint.merchant(),
            event.type(),
            event.subject(),
            event::body,
            event.at()));
    audit.note(endpoint.id());
  }

  /// False when the endpoint does not wait for this message.
  @Transactional
  public boolean skip(WebhookEndpoint endpoint, String event) {
    if (!deliveries.skip(endpoint.id(), event)) return false;
    audit.note(endpoint.id());
    return true;
  }

  static RuntimeException notFound() {
    return Problem.notFound("webhook endpoint").asException();
  }

  /// Something about an endpoint itself, which only it or also others may hear of.
  Notice notice(WebhookEndpoint endpoint, EventType type, Instant now) {
    var id = Notice.id(UUID.randomUUID(), now, endpoint.merchant(), type);
    var status = endpoint.disabledAt().isPresent() ? "disabled" : "enabled";
    var body = bodies.envelope(id, type, now, bodies.endpoint(endpoint.id(), status));
    // A test waits for nothing, and nothing waits for it.
    var subject = type == EventType.ENDPOINT_TEST ? id : endpoint.id();
    return new Notice(id, endpoint.merchant(), type, subject, () -> body, now);
  }
}
