package millrace.gateway.webhook;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.LiveMode;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.outbound.AddressRule;
import millrace.gateway.page.Choice;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Where a merchant is told.
@RestController
@Tag(name = "webhook_endpoints")
class WebhookEndpointController {
  private final WebhookEndpoints endpoints;
  private final AddressRule addresses;
  private final LiveMode mode;
  private final Clock clock;

  WebhookEndpointController(
      WebhookEndpoints endpoints, AddressRule addresses, LiveMode mode, Clock clock) {
    this.endpoints = endpoints;
    this.addresses = addresses;
    this.mode = mode;
    this.clock = clock;
  }

  @PostMapping("/v1/webhook_endpoints")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createWebhookEndpoint",
      summary = "Be told of events",
      description =
          "Messages follow Standard Webhooks. The secret is shown in this answer only."
              + " Messages may come twice, with the same id; those of one channel come in order.")
  @Problems({ProblemCode.ADDRESS_NOT_ALLOWED, ProblemCode.LIMIT_REACHED})
  EndpointBody create(
      @Scoped(Scope.WEBHOOKS_WRITE) Caller caller,
      Once once,
      @RequestBody @Valid EndpointRequest body) {
    var objection = addresses.objection(body.url(), true);
    return once.perform(
        body,
        EndpointBody.class,
        () -> {
          // Only the first time: the name may lead elsewhere since.
          refuse(objection);
          return EndpointBody.withSecret(add(caller, body), mode.live(), clock.instant());
        });
  }

  private WebhookEndpoint add(Caller caller, EndpointRequest body) {
    return endpoints.add(
        caller.merchant(),
        body.url(),
        body.events(),
        body.signatures() == null ? EnumSet.of(SignatureScheme.V1) : body.signatures(),
        Optional.ofNullable(body.description()).orElse(""),
        Metadata.orNone(body.metadata()));
  }

  @GetMapping("/v1/webhook_endpoints")
  @Operation(operationId = "listWebhookEndpoints", summary = "List endpoints, newest first")
  Page<EndpointBody> list(
      @Scoped(Scope.WEBHOOKS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Schema(allowableValues = {"healthy", "failing", "disabled"})
          @Nullable String status,
      @RequestParam(required = false)
          @Schema(description = "Those that are told of it", example = "payment.succeeded")
          @Nullable String event,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var page = PageRequest.of("we_", limit, startingAfter);
    var now = clock.instant();
    var wanted =
        new WebhookEndpoints.Filter(
            Choice.of(WebhookEndpoint.Status.class, "status", status),
            Optional.ofNullable(event).map(type -> Events.type("event", type)),
            Period.of(from, to));
    return Page.of(endpoints.list(caller.merchant(), wanted, page), page)
        .map(endpoint -> EndpointBody.of(endpoint, mode.live(), now));
  }

  @GetMapping("/v1/webhook_endpoints/{id}")
  @Operation(operationId = "getWebhookEndpoint", summary = "Show an endpoint and how it does")
  EndpointBody get(@Scoped(Scope.WEBHOOKS_READ) Caller caller, @PathVariable String id) {
    var found = endpoints.find(caller.merchant(), id);
    return shown(found);
  }

  @PatchMapping("/v1/webhook_endpoints/{id}")
  @Operation(
      operationId = "updateWebhookEndpoint",
      summary = "Change an endpoint, switch it off or on again",
      description =
          "What is absent stays as it is. An endpoint that is off hears of nothing; what it was"
              + " to hear before comes once it is on again, and recover brings the rest.")
  @Problems(ProblemCode.ADDRESS_NOT_ALLOWED)
  EndpointBody update(
      @Scoped(Scope.WEBHOOKS_WRITE) Caller caller,
      @PathVariable String id,
      @RequestBody @Valid EndpointChange body) {
    if (body.url() != null) refuse(addresses.objection(body.url(), true));
    return shown(
        endpoints.change(
            caller.merchant(), id, endpoint -> body.applyTo(endpoint, clock.instant())));
  }

  @DeleteMapping("/v1/webhook_endpoints/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "deleteWebhookEndpoint", summary = "Be told no more")
  void delete(@Scoped(Scope.WEBHOOKS_WRITE) Caller caller, @PathVariable String id) {
    if (!endpoints.remove(caller.merchant(), id)) throw WebhookEndpoints.notFound();
  }

  @PostMapping("/v1/webhook_endpoints/{id}/rotate_secret")
  @Operation(
      operationId = "rotateWebhookSecret",
      summary = "Replace the secret and the key pair",
      description =
          "For 24 hours messages are signed with the old ones as well. The secret is shown in this"
              + " answer only.")
  EndpointBody rotate(
      @Scoped(Scope.WEBHOOKS_WRITE) Caller caller, Once once, @PathVariable String id) {
    return once.perform(
        "",
        EndpointBody.class,
        () ->
            endpoints
                .rotate(caller.merchant(), id)
                .map(endpoint -> EndpointBody.withSecret(endpoint, mode.live(), clock.instant()))
                .orElseThrow(WebhookEndpoints::notFound));
  }

  @PostMapping("/v1/webhook_endpoints/{id}/test")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(operationId = "testWebhookEndpoint", summary = "Send a test message")
  TestBody test(@Scoped(Scope.WEBHOOKS_WRITE) Caller caller, Once once, @PathVariable String id) {
    return once.perform(
        "",
        TestBody.class,
        () -> {
          var endpoint =
              endpoints.find(caller.merchant(), id).orElseThrow(WebhookEndpoints::notFound);
          return new TestBody("webhook_message", mode.live(), endpoints.test(endpoint));
        });
  }

  private EndpointBody shown(Optional<WebhookEndpoint> found) {
    return found
        .map(endpoint -> EndpointBody.of(endpoint, mode.live(), clock.instant()))
        .orElseThrow(WebhookEndpoints::notFound);
  }

  private static void refuse(Optional<String> objection) {
    objection.ifPresent(
        why -> {
          throw Problem.of(ProblemCode.ADDRESS_NOT_ALLOWED, "url " + why + ".")
              .about("url")
              .asException();
        });
  }

  record EndpointRequest(
      @NotBlank @Schema(example = "https://shop.example.com/hooks") String url,
      @NotEmpty @Schema(implementation = String[].class, example = "[\"payment.succeeded\"]")
          Set<@NotNull EventType> events,
      @Nullable
          @Size(min = 1, message = "must not be empty")
          @Schema(
              implementation = String[].class,
              description = "v1: HMAC with the secret; v1a: ed25519. v1 when absent",
              example = "[\"v1\"]")
          Set<@NotNull SignatureScheme> signatures,
      @Nullable @Size(max = 200) @Schema(example = "Orders") String description,
      @Nullable Metadata metadata) {}

  record EndpointChange(
      @Nullable
          @Size(min = 1, message = "must not be empty")
          @Schema(example = "https://shop.example.com/hooks2")
          String url,
      @Nullable
          @Size(min = 1, message = "must not be empty")
          @Schema(implementation = String[].class, example = "[\"payout.paid\"]")
          Set<@NotNull EventType> events,
      @Nullable
          @Size(min = 1, message = "must not be empty")
          @Schema(implementation = String[].class, example = "[\"v1\",\"v1a\"]")
          Set<@NotNull SignatureScheme> signatures,
      @Nullable @Size(max = 200) @Schema(example = "Payouts") String description,
      @Nullable Metadata metadata,
      @Nullable @Schema(description = "false: nothing is sent", example = "true") Boolean enabled) {
    void applyTo(WebhookEndpoint endpoint, Instant now) {
      if (url != null) endpoint.moveTo(url);
      if (events != null) endpoint.listenTo(events);
      if (signatures != null) endpoint.signWith(signatures);
      if (description != null) endpoint.describe(description);
      if (metadata != null) endpoint.note(endpoint.metadata().changedBy(metadata));
      if (enabled == null) return;
      if (enabled) endpoint.enable();
      else endpoint.disable(now, "switched off");
    }
  }

  @Schema(name = "WebhookTest")
  record TestBody(
      @Schema(example = "webhook_message") String object,
      boolean livemode,
      @Schema(example = "evt_01jd3v9m2e8k4q7w5x0y6z1a2b") String id) {}
}
