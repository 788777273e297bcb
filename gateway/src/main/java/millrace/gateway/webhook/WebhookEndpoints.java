package millrace.gateway.webhook;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import millrace.gateway.id.Ids;
import millrace.gateway.page.PageRequest;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
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
  private final NoticeBodies bodies;
  private final Ids ids;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  WebhookEndpoints(
      WebhookEndpointRepository endpoints,
      Deliveries deliveries,
      NoticeBodies bodies,
      Ids ids,
      Clock clock) {
    this.endpoints = endpoints;
    this.deliveries = deliveries;
    this.bodies = bodies;
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public WebhookEndpoint add(MerchantId merchant, String url, Set<EventType> events) {
    if (endpoints.countByMerchantIdAndDeletedAtIsNull(merchant.value()) >= MAX_ENDPOINTS) {
      throw Problem.of(ProblemCode.LIMIT_REACHED, "At most " + MAX_ENDPOINTS + " endpoints.")
          .asException();
    }
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return endpoints.save(
        new WebhookEndpoint(
            ids.next("we_"),
            merchant,
            url,
            events,
            "whsec_" + Base64.getEncoder().encodeToString(secret),
            clock.instant()));
  }

  @Transactional(readOnly = true)
  public Optional<WebhookEndpoint> find(MerchantId merchant, String id) {
    return endpoints.findByIdAndMerchantIdAndDeletedAtIsNull(id, merchant.value());
  }

  @Transactional(readOnly = true)
  public List<WebhookEndpoint> list(MerchantId merchant, PageRequest page) {
    return endpoints.findByMerchantIdAndDeletedAtIsNullAndIdLessThanOrderByIdDesc(
        merchant.value(), page.before(), Limit.of(page.limitAndOne()));
  }

  /// False when the merchant has no such endpoint.
  @Transactional
  public boolean remove(MerchantId merchant, String id) {
    var found = find(merchant, id);
    found.ifPresent(endpoint -> endpoint.delete(clock.instant()));
    return found.isPresent();
  }

  /// The endpoint said that it is gone for good.
  @Transactional
  public void gone(String id) {
    endpoints
        .findById(id)
        .ifPresent(endpoint -> endpoint.disable(clock.instant(), "the endpoint answered 410"));
  }

  /// Sends an event about nothing, whatever the endpoint listens to. Returns the message's id.
  @Transactional
  public String test(WebhookEndpoint endpoint) {
    var now = clock.instant();
    var id = Notice.id(UUID.randomUUID(), endpoint.merchant(), EventType.ENDPOINT_TEST);
    var data = "{\"object\":\"webhook_endpoint\",\"id\":\"" + endpoint.id() + "\"}";
    var body = bodies.envelope(id, EventType.ENDPOINT_TEST, now, data);
    deliveries.addTo(
        endpoint.id(),
        new Notice(id, endpoint.merchant(), EventType.ENDPOINT_TEST, id, () -> body, now));
    return id;
  }
}
