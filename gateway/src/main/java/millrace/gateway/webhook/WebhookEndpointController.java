package millrace.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.outbound.AddressRule;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Where a merchant is told, and how that went.
@RestController
@Tag(name = "webhook_endpoints")
class WebhookEndpointController {
  private final WebhookEndpoints endpoints;
  private final Deliveries deliveries;
  private final AddressRule addresses;

  WebhookEndpointController(
      WebhookEndpoints endpoints, Deliveries deliveries, AddressRule addresses) {
    this.endpoints = endpoints;
    this.deliveries = deliveries;
    this.addresses = addresses;
  }

  @PostMapping("/v1/webhook_endpoints")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createWebhookEndpoint",
      summary = "Be told of events",
      description =
          "Messages follow Standard Webhooks. The secret is shown in this answer only."
              + " Messages may come twice, with the same id; those of one channel come in order.")
  EndpointBody create(
      @Scoped(Scope.WEBHOOKS_WRITE) Caller caller, @RequestBody @Valid EndpointRequest body) {
    addresses
        .objection(body.url(), true)
        .ifPresent(
            why -> {
              throw Problem.of(ProblemCode.ADDRESS_NOT_ALLOWED, "url " + why + ".")
                  .about("url")
                  .asException();
            });
    var endpoint = endpoints.add(caller.merchant(), body.url(), body.events());
    return EndpointBody.of(endpoint, endpoint.secret());
  }

  @GetMapping("/v1/webhook_endpoints")
  @Operation(operationId = "listWebhookEndpoints", summary = "List endpoints, newest first")
  Page<EndpointBody> list(
      @Scoped(Scope.WEBHOOKS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter) {
    var page = PageRequest.of("we_", limit, startingAfter);
    return Page.of(endpoints.list(caller.merchant(), page), page)
        .map(endpoint -> EndpointBody.of(endpoint, null));
  }

  @GetMapping("/v1/webhook_endpoints/{id}")
  @Operation(operationId = "getWebhookEndpoint", summary = "Show an endpoint")
  EndpointBody get(@Scoped(Scope.WEBHOOKS_READ) Caller caller, @PathVariable String id) {
    return EndpointBody.of(find(caller, id), null);
  }

  @DeleteMapping("/v1/webhook_endpoints/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "deleteWebhookEndpoint", summary = "Be told no more")
  void delete(@Scoped(Scope.WEBHOOKS_WRITE) Caller caller, @PathVariable String id) {
    if (!endpoints.remove(caller.merchant(), id)) throw notFound();
  }

  @PostMapping("/v1/webhook_endpoints/{id}/test")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(operationId = "testWebhookEndpoint", summary = "Send a test message")
  TestBody test(@Scoped(Scope.WEBHOOKS_WRITE) Caller caller, @PathVariable String id) {
    return new TestBody("webhook_message", endpoints.test(find(caller, id)));
  }

  @GetMapping("/v1/webhook_endpoints/{id}/deliveries")
  @Operation(operationId = "listWebhookDeliveries", summary = "The newest deliveries")
  Page<DeliveryBody> deliveries(
      @Scoped(Scope.WEBHOOKS_READ) Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable Integer limit) {
    var page = PageRequest.of("evt_", limit, null);
    var endpoint = find(caller, id);
    var found = deliveries.list(caller.merchant(), endpoint.id(), page.limitAndOne());
    return Page.of(found, page).map(DeliveryBody::of);
  }

  private WebhookEndpoint find(Caller caller, String id) {
    return endpoints.find(caller.merchant(), id).orElseThrow(WebhookEndpointController::notFound);
  }

  private static RuntimeException notFound() {
    return Problem.notFound("webhook endpoint").asException();
  }

  record EndpointRequest(
      @NotBlank @Schema(example = "https://shop.example.com/hooks") String url,
      @NotEmpty @Schema(implementation = String[].class, example = "[\"payment.succeeded\"]")
          Set<@NotNull EventType> events) {}

  @Schema(name = "WebhookEndpoint")
  record EndpointBody(
      String id,
      String object,
      String url,
      @Schema(implementation = String[].class) Set<EventType> events,
      @Schema(allowableValues = {"enabled", "disabled"}) String status,
      @JsonProperty("disabled_reason") @Nullable String disabledReason,
      @Schema(description = "Only in the answer that made the endpoint") @Nullable String secret,
      @JsonProperty("created_at") Instant createdAt) {
    static EndpointBody of(WebhookEndpoint endpoint, @Nullable String secret) {
      return new EndpointBody(
          endpoint.id(),
          "webhook_endpoint",
          endpoint.url(),
          new TreeSet<>(endpoint.events()),
          endpoint.disabledAt().isPresent() ? "disabled" : "enabled",
          endpoint.disabledReason().orElse(null),
          secret,
          endpoint.createdAt());
    }
  }

  @Schema(name = "WebhookTest")
  record TestBody(String object, String id) {}

  @Schema(name = "WebhookDelivery")
  record DeliveryBody(
      @Schema(description = "The webhook-id that is sent") String id,
      String object,
      String type,
      @Schema(allowableValues = {"pending", "delivered", "failed"}) String status,
      int attempts,
      @JsonProperty("last_status") @Nullable Integer lastStatus,
      @JsonProperty("last_error") @Nullable String lastError,
      @JsonProperty("next_attempt_at") @Nullable Instant nextAttemptAt,
      @JsonProperty("delivered_at") @Nullable Instant deliveredAt) {
    static DeliveryBody of(Deliveries.Shown shown) {
      return new DeliveryBody(
          shown.message(),
          "webhook_delivery",
          shown.type(),
          shown.status().toLowerCase(Locale.ROOT),
          shown.attempts(),
          shown.lastStatus(),
          shown.lastError(),
          shown.status().equals("PENDING") ? shown.nextAttemptAt() : null,
          shown.deliveredAt());
    }
  }
}
