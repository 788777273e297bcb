package millrace.gateway.webhook;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.page.Wanted;
import millrace.gateway.problem.Problem;
import millrace.gateway.webhook.Messages.Told;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// What happened, as webhooks tell it, for whoever asks.
@RestController
@Tag(name = "events")
class EventController {
  private final Events events;
  private final EventCatalogue catalogue;
  private final JsonMapper json;

  EventController(Events events, EventCatalogue catalogue, JsonMapper json) {
    this.events = events;
    this.catalogue = catalogue;
    this.json = json;
  }

  @GetMapping("/v1/events")
  @Operation(
      operationId = "listEvents",
      summary = "List events, newest first",
      description =
          "Each with the id and body that webhooks send. To miss nothing while events go on"
              + " happening, read the stream: late ones may have ids that sort earlier.")
  Page<EventBody> list(
      @Scoped(Scope.EVENTS_READ) Caller caller,
      @RequestParam(required = false)
          @Schema(implementation = String[].class, example = "[\"payment.succeeded\"]")
          @Nullable List<String> type,
      @RequestParam(required = false) @Nullable String channel,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter) {
    var page = PageRequest.of(Notice.PREFIX, limit, startingAfter);
    var found =
        events.page(
            caller.merchant(),
            Events.types(type),
            Wanted.channel("channel", channel),
            Period.of(from, to),
            page);
    return Page.of(found, page).map(this::body);
  }

  @GetMapping("/v1/events/{id}")
  @Operation(operationId = "getEvent", summary = "Show an event")
  EventBody get(@Scoped(Scope.EVENTS_READ) Caller caller, @PathVariable String id) {
    return events
        .find(caller.merchant(), id)
        .map(this::body)
        .orElseThrow(() -> Problem.notFound("event").asException());
  }

  @GetMapping("/v1/event_types")
  @Operation(
      operationId = "listEventTypes",
      summary = "What there is to be told of",
      description = "With a JSON schema of the body and an example of each.")
  EventTypesBody types(@Scoped(Scope.EVENTS_READ) Caller caller) {
    return new EventTypesBody("list", catalogue.entries());
  }

  private EventBody body(Told told) {
    return json.readValue(told.body(), EventBody.class);
  }

  @Schema(name = "EventTypeList")
  record EventTypesBody(@Schema(example = "list") String object, List<EventCatalogue.Entry> data) {}
}
