package millrace.gateway.webhook;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.stream.Feed;
import millrace.gateway.stream.StreamEvent;
import millrace.gateway.stream.StreamRequest;
import millrace.gateway.stream.Streams;
import millrace.gateway.webhook.Messages.Told;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/// Events as they happen, for whoever stays on the line.
@RestController
@Tag(name = "events")
class EventStreamController {
  private static final int PAGE = 100;

  private final Streams streams;
  private final Messages messages;
  private final Events events;
  private final JsonMapper json;
  private final Clock clock;

  EventStreamController(
      Streams streams, Messages messages, Events events, JsonMapper json, Clock clock) {
    this.streams = streams;
    this.messages = messages;
    this.events = events;
    this.json = json;
    this.clock = clock;
  }

  @GetMapping(path = "/v1/events/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Operation(
      operationId = "streamEvents",
      summary = "Read events as they happen",
      description =
          "Server-sent events; each has the id and body that webhooks send. Whoever comes again"
              + " with the last id, as Last-Event-ID or after, misses nothing and gets them in"
              + " order. Without one the stream begins now.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "Events, each of its own type",
              content =
                  @Content(
                      mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                      schema = @Schema(implementation = EventBody.class))))
  ResponseEntity<SseEmitter> stream(
      @Scoped(Scope.EVENTS_READ) Caller caller,
      @RequestParam(required = false)
          @Schema(implementation = String[].class, example = "[\"payment.succeeded\"]")
          @Nullable List<String> type,
      StreamRequest request) {
    var types = Events.types(type);
    var merchant = caller.merchant();
    // Before the place to begin is looked up: from then on everything is kept.
    messages.follow(merchant, clock.instant());
    long position =
        request
            .after()
            .map(id -> events.position(merchant, id))
            .orElseGet(() -> messages.head(merchant));
    var listener = request.listener(caller, Scope.EVENTS_READ, Bell.topic(merchant));
    return streams.open(listener, new Following(merchant, types, position));
  }

  /// Goes on after what it found last.
  private final class Following implements Feed {
    private final MerchantId merchant;
    private final Set<EventType> types;
    private long position;

    Following(MerchantId merchant, Set<EventType> types, long position) {
      this.merchant = merchant;
      this.types = types;
      this.position = position;
    }

    @Override
    public List<StreamEvent> after(Optional<String> cursor) {
      List<Told> found;
      List<StreamEvent> wanted;
      do {
        found = messages.after(merchant, position, PAGE);
        if (!found.isEmpty()) position = found.getLast().position();
        wanted =
            found.stream()
                .filter(event -> types.isEmpty() || types.contains(event.type()))
                .map(
                    event ->
                        new StreamEvent(
                            event.id(), event.type().wire(), json.readTree(event.body())))
                .toList();
      } while (wanted.isEmpty() && found.size() == PAGE);
      return wanted;
    }
  }
}
