package millrace.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.LiveMode;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.webhook.DeliveryLog.Blocked;
import millrace.gateway.webhook.DeliveryLog.Logged;
import millrace.gateway.webhook.DeliveryLog.Shown;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// How telling an endpoint went, and what can be done about it.
@RestController
@Tag(name = "webhook_deliveries")
class WebhookDeliveryController {
  private static final int MOST_ATTEMPTS = 50;
  private static final List<String> STATUSES = List.of("pending", "delivered", "failed", "skipped");

  private final WebhookEndpoints endpoints;
  private final DeliveryLog log;
  private final Events events;
  private final Replays replays;
  private final WebhookSettings settings;
  private final LiveMode mode;
  private final Clock clock;

  WebhookDeliveryController(
      WebhookEndpoints endpoints,
      DeliveryLog log,
      Events events,
      Replays replays,
      WebhookSettings settings,
      LiveMode mode,
      Clock clock) {
    this.endpoints = endpoints;
    this.log = log;
    this.events = events;
    this.replays = replays;
    this.settings = settings;
    this.mode = mode;
    this.clock = clock;
  }

  @GetMapping("/v1/webhook_endpoints/{id}/deliveries")
  @Operation(operationId = "listWebhookDeliveries", summary = "List deliveries, newest first")
  Page<DeliveryBody> list(
      @Scoped(Scope.WEBHOOKS_READ) Caller caller,
      @PathVariable String id,
      @RequestParam(required = false)
          @Schema(allowableValues = {"pending", "delivered", "failed", "skipped"})
          @Nullable String status,
      @RequestParam(required = false) @Schema(example = "payment.succeeded") @Nullable String type,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter) {
    var page = PageRequest.of(Notice.PREFIX, limit, startingAfter);
    if (status != null && !STATUSES.contains(status)) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "status is one of " + STATUSES + ".")
          .about("status")
          .asException();
    }
    var wanted =
        new DeliveryLog.Filter(
            Optional.ofNullable(status).map(it -> it.toUpperCase(Locale.ROOT)),
            Optional.ofNullable(type).map(name -> Events.type("type", name)),
            Period.of(from, to));
    var endpoint = find(caller, id);
    return Page.of(log.list(endpoint.id(), wanted, page), page).map(shown -> body(shown, null));
  }

  @GetMapping("/v1/webhook_endpoints/{id}/deliveries/{event}")
  @Operation(
      operationId = "getWebhookDelivery",
      summary = "Show a delivery with its attempts, newest first",
      description = "Up to 4 KiB of each answer are kept, for 60 days.")
  DeliveryBody get(
      @Scoped(Scope.WEBHOOKS_READ) Caller caller,
      @PathVariable String id,
      @PathVariable String event) {
    var endpoint = find(caller, id);
    var shown = shown(endpoint, event);
    var attempts = log.attempts(shown.sequence(), MOST_ATTEMPTS);
    return body(shown, attempts.stream().map(AttemptBody::of).toList());
  }

  @PostMapping("/v1/webhook_endpoints/{id}/deliveries/{event}/skip")
  @Operation(
      operationId = "skipWebhookDelivery",
      summary = "Give a message up, so that later ones of its channel can go")
  DeliveryBody skip(
      @Scoped(Scope.WEBHOOKS_WRITE) Caller caller,
      Once once,
      @PathVariable String id,
      @PathVariable String event) {
    return once.perform(
        "",
        DeliveryBody.class,
        () -> {
          var endpoint = find(caller, id);
          if (!endpoints.skip(endpoint, event)) throw noDelivery();
          return body(shown(endpoint, event), null);
        });
  }

  @PostMapping("/v1/webhook_endpoints/{id}/deliveries/{event}/resend")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "resendWebhookDelivery",
      summary = "Send one event to the endpoint again, or at last",
      description = "It keeps its id and body. Later ones of its channel wait for it.")
  DeliveryBody resend(
      @Scoped(Scope.WEBHOOKS_WRITE) Caller caller,
      Once once,
      @PathVariable String id,
      @PathVariable String event) {
    return once.perform(
        "",
        DeliveryBody.class,
        () -> {
          var endpoint = find(caller, id);
          var told =
              events
                  .find(caller.merchant(), event)
                  .orElseThrow(() -> Problem.notFound("event").asException());
          endpoints.resend(endpoint, told);
          return body(shown(endpoint, event), null);
        });
  }

  @PostMapping("/v1/webhook_endpoints/{id}/recover")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "recoverWebhookEndpoint",
      summary = "Send again what happened since a time, or after an event",
      description =
          "What the endpoint never got, unless delivered is true: then what it took as well. Ids"
              + " and bodies stay the same. Payments from before any endpoint or stream listened"
              + " are in GET /v1/events only.")
  RecoveryBody recover(
      @Scoped(Scope.WEBHOOKS_WRITE) Caller caller,
      @PathVariable String id,
      @RequestBody @Valid RecoverRequest body) {
    var endpoint = find(caller, id);
    boolean all = Boolean.TRUE.equals(body.delivered());
    if ((body.since() == null) == (body.after() == null)) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "Give either since or after.")
          .about(body.since() == null ? "since" : "after")
          .asException();
    }
    int queued =
        body.since() != null
            ? replays.since(endpoint, oldest(body.since()), all)
            : replays.after(endpoint, events.position(caller.merchant(), body.after()), all);
    return new RecoveryBody("webhook_recovery", mode.live(), queued);
  }

  private Instant oldest(Instant since) {
    var now = clock.instant();
    var kept = now.minus(settings.kept()).minus(Duration.ofDays(1));
    return since.isBefore(kept) ? kept : since.isAfter(now) ? now : since;
  }

  @GetMapping("/v1/webhook_endpoints/{id}/blocked")
  @Operation(
      operationId = "listBlockedWebhookDeliveries",
      summary = "What holds up later messages, oldest first",
      description = "One for each channel of which the endpoint did not take the next message.")
  BlockedBody blocked(
      @Scoped(Scope.WEBHOOKS_READ) Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable Integer limit) {
    var page = PageRequest.of(Notice.PREFIX, limit, null);
    var endpoint = find(caller, id);
    return new BlockedBody(
        "list",
        log.blocked(endpoint.id(), page.limit()).stream().map(BlockingBody::of).toList(),
        log.pending(endpoint.id()));
  }

  private WebhookEndpoint find(Caller caller, String id) {
    return endpoints.find(caller.merchant(), id).orElseThrow(WebhookEndpoints::notFound);
  }

  private Shown shown(WebhookEndpoint endpoint, String event) {
    return log.find(endpoint.id(), event).orElseThrow(WebhookDeliveryController::noDelivery);
  }

  private DeliveryBody body(Shown shown, @Nullable List<AttemptBody> attempts) {
    return DeliveryBody.of(shown, attempts, mode.live());
  }

  private static RuntimeException noDelivery() {
    return Problem.notFound("delivery that could be meant").asException();
  }

  record RecoverRequest(
      @Nullable @Schema(example = "2026-11-29T12:00:00Z") Instant since,
      @Nullable
          @Schema(
              description = "An event's id: all that was kept after it",
              example = "evt_01jd3v9m2e8k4q7w5x0y6z1a2b")
          String after,
      @Nullable @Schema(description = "Also what was taken", example = "false")
          Boolean delivered) {}

  @Schema(name = "WebhookRecovery")
  record RecoveryBody(
      @Schema(example = "webhook_recovery") String object,
      boolean livemode,
      @Schema(description = "Messages that are on their way now", example = "42") int queued) {}

  @Schema(name = "WebhookDelivery")
  record DeliveryBody(
      @Schema(
              description = "The event's id, sent as webhook-id",
              example = "evt_01jd3v9m2e8k4q7w5x0y6z1a2b")
          String id,
      @Schema(example = "webhook_delivery") String object,
      boolean livemode,
      @Schema(example = "payment.succeeded") String type,
      @Schema(description = "Messages of one subject go out in order") String subject,
      @Schema(allowableValues = {"pending", "delivered", "failed", "skipped"}) String status,
      @Schema(example = "1") int attempts,
      @Schema(example = "500") @JsonProperty("last_status") @Nullable Integer lastStatus,
      @Schema(example = "status 500") @JsonProperty("last_error") @Nullable String lastError,
      @Schema(description = "The event that must be taken or skipped before")
          @JsonProperty("blocked_by")
          @Nullable String blockedBy,
      @JsonProperty("next_attempt_at") @Nullable Instant nextAttemptAt,
      @JsonProperty("delivered_at") @Nullable Instant deliveredAt,
      @Schema(description = "When the event was first told") @JsonProperty("created_at")
          Instant createdAt,
      @Schema(description = "Only where one delivery is shown") @JsonProperty("attempt_log")
          @Nullable List<AttemptBody> attemptLog) {
    static DeliveryBody of(Shown shown, @Nullable List<AttemptBody> attempts, boolean live) {
      boolean waits = shown.status().equals("PENDING") && shown.blockedBy() == null;
      return new DeliveryBody(
          shown.message(),
          "webhook_delivery",
          live,
          shown.type(),
          shown.subject(),
          shown.status().toLowerCase(Locale.ROOT),
          shown.attempts(),
          shown.lastStatus(),
          shown.lastError(),
          shown.blockedBy(),
          waits ? shown.nextAttemptAt() : null,
          shown.deliveredAt(),
          shown.createdAt(),
          attempts);
    }
  }

  @Schema(name = "WebhookAttempt")
  record AttemptBody(
      @JsonProperty("created_at") Instant createdAt,
      @Schema(example = "38") @JsonProperty("duration_ms") int durationMillis,
      @Schema(example = "https://shop.example.com/hooks") String url,
      @Schema(description = "One a line; the body is the event's") @JsonProperty("request_headers")
          String requestHeaders,
      @Schema(example = "200") @JsonProperty("response_status") @Nullable Integer responseStatus,
      @JsonProperty("response_headers") String responseHeaders,
      @Schema(example = "ok") @JsonProperty("response_body") String responseBody,
      @Schema(example = "TIMEOUT: no answer in time") @Nullable String error) {
    static AttemptBody of(Logged logged) {
      return new AttemptBody(
          logged.at(),
          logged.durationMillis(),
          logged.url(),
          logged.requestHeaders(),
          logged.status(),
          logged.responseHeaders(),
          logged.responseBody(),
          logged.error());
    }
  }

  @Schema(name = "WebhookBlockedList")
  record BlockedBody(
      @Schema(example = "list") String object,
      List<BlockingBody> data,
      @Schema(description = "Messages that wait, counted up to 10,000", example = "3")
          long pending) {}

  @Schema(name = "WebhookBlocked")
  record BlockingBody(
      String subject,
      @Schema(example = "evt_01jd3v9m2e8k4q7w5x0y6z1a2b") String event,
      @Schema(example = "payment.succeeded") String type,
      @Schema(example = "3") int attempts,
      @Schema(example = "500") @JsonProperty("last_status") @Nullable Integer lastStatus,
      @Schema(example = "status 500") @JsonProperty("last_error") @Nullable String lastError,
      @JsonProperty("next_attempt_at") @Nullable Instant nextAttemptAt,
      @Schema(description = "Messages behind it, counted up to 1,000", example = "2")
          long waiting) {
    static BlockingBody of(Blocked blocked) {
      return new BlockingBody(
          blocked.subject(),
          blocked.message(),
          blocked.type(),
          blocked.attempts(),
          blocked.lastStatus(),
          blocked.lastError(),
          blocked.nextAttemptAt(),
          blocked.waiting());
    }
  }
}
