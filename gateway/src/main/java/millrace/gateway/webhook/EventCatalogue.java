package millrace.gateway.webhook;

import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import millrace.gateway.merchant.LiveMode;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The kinds of events, each with the JSON schema that its bodies keep to and an example.
@Component
class EventCatalogue {
  private final List<Entry> entries;

  EventCatalogue(JsonMapper json, LiveMode mode) {
    entries =
        Arrays.stream(EventType.values())
            .map(
                type -> {
                  var schema = read(json, type.wire() + ".schema.json");
                  return new Entry(
                      type.wire(),
                      "event_type",
                      mode.live(),
                      schema.path("description").asString(),
                      schema,
                      read(json, type.wire() + ".example.json"));
                })
            .toList();
  }

  List<Entry> entries() {
    return entries;
  }

  JsonNode example(EventType type) {
    return entries.stream()
        .filter(entry -> entry.id().equals(type.wire()))
        .findFirst()
        .orElseThrow()
        .example();
  }

  private static JsonNode read(JsonMapper json, String name) {
    try (var file = EventCatalogue.class.getResourceAsStream("/events/" + name)) {
      if (file == null) throw new IllegalStateException("there is no events/" + name);
      return json.readTree(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Schema(name = "EventType")
  record Entry(
      @Schema(example = "payment.succeeded") String id,
      @Schema(example = "event_type") String object,
      boolean livemode,
      @Schema(example = "A payment is charged and durable.") String description,
      @Schema(implementation = Object.class) JsonNode schema,
      @Schema(implementation = Object.class) JsonNode example) {}
}
