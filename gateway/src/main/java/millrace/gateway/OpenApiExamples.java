package millrace.gateway;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Gives every operation an example of what it takes and answers, put together from the examples of
/// the fields. A field without one gets what its name stands for everywhere in this API.
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class OpenApiExamples implements OpenApiCustomizer {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
  private static final String ULID = "01jd3v9m2e8k4q7w5x0y6z1a2b";
  private static final String ADDRESS = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
  private static final String TIME = "2026-11-29T12:00:00Z";
  private static final int DEEPEST = 8;

  private static final Map<String, String> BY_NAME =
      Map.ofEntries(
          Map.entry("request_id", "req_" + ULID),
          Map.entry("actor", "key_" + ULID),
          Map.entry("merchant", "mer_" + ULID),
          Map.entry("event", "evt_" + ULID),
          Map.entry("object", "list"),
          Map.entry("ip", "203.0.113.7"),
          Map.entry("network", "eip155:31337"),
          Map.entry("symbol", "USDC"),
          Map.entry("resource", "https://shop.example.com/report/7"),
          Map.entry("url", "https://shop.example.com/report/7"),
          Map.entry("payment_signature", "eyJ4NDAyVmVyc2lvbiI6Mn0="),
          Map.entry("payment_required", "eyJ4NDAyVmVyc2lvbiI6Mn0="),
          Map.entry("payment_response", "eyJzdWNjZXNzIjp0cnVlfQ=="),
          Map.entry("transaction", "0x" + "5e".repeat(32)),
          Map.entry("channel", "0x" + "c4".repeat(32)),
          Map.entry("channel_id", "0x" + "c4".repeat(32)),
          Map.entry("signature", "0x" + "51".repeat(65)),
          Map.entry("name", "Weather"),
          Map.entry("mime_type", "application/json"),
          Map.entry("description", "Tomorrow's weather"));

  /// How the id of an object begins, by what `object` says.
  private static final Map<String, String> ID_OF =
      Map.ofEntries(
          Map.entry("api_key", "key_"),
          Map.entry("audit_entry", "aud_"),
          Map.entry("balance_transaction", "txn_"),
          Map.entry("channel_refund", "re_"),
          Map.entry("drill", "drl_"),
          Map.entry("merchant", "mer_"),
          Map.entry("payout", "po_"),
          Map.entry("refund", "re_"));

  @Override
  public void customise(OpenAPI api) {
    for (var path : api.getPaths().values()) {
      for (var operation : path.readOperations()) complete(api, operation);
    }
  }

  private static void complete(OpenAPI api, Operation operation) {
    Optional.ofNullable(operation.getRequestBody())
        .map(body -> body.getContent())
        .ifPresent(content -> complete(api, content));
    for (var response : operation.getResponses().values()) {
      Optional.ofNullable(response.getContent()).ifPresent(content -> complete(api, content));
    }
  }

  private static void complete(OpenAPI api, Content content) {
    content.forEach(
        (type, media) -> {
          if (media.getExample() != null || media.getSchema() == null) return;
          var value = value(api, media.getSchema(), "", 0);
          media.example(type.equals("text/csv") ? csv() : asSent(type, value));
        });
  }

  /// A schema of lines describes one of them.
  private static @Nullable Object asSent(String type, @Nullable Object value) {
    return switch (type) {
      case "application/x-ndjson" -> JSON.writeValueAsString(value) + "\n";
      case "text/event-stream" -> "data: " + JSON.writeValueAsString(value) + "\n\n";
      default -> value;
    };
  }

  private static String csv() {
    return "id,created_at,status,amount\npay_" + ULID + "," + TIME + ",succeeded,1000\n";
  }

  private static @Nullable Object value(OpenAPI api, Schema<?> schema, String name, int depth) {
    if (schema.get$ref() != null) return value(api, resolved(api, schema), name, depth);
    if (schema.getExample() != null) return parsed(schema, schema.getExample());
    if (schema.getEnum() != null) return schema.getEnum().getFirst();
    for (var choices : new @Nullable List<?>[] {schema.getOneOf(), schema.getAnyOf()}) {
      if (choices != null && choices.getFirst() instanceof Schema<?> first) {
        return value(api, first, name, depth);
      }
    }
    var type = type(schema);
    return switch (type) {
      case "object" -> object(api, schema, depth);
      case "array" -> array(api, schema, name, depth);
      case "integer", "number" -> name.equals("decimals") ? 6 : 1;
      case "boolean" -> false;
      default -> text(schema, name);
    };
  }

  private static String type(Schema<?> schema) {
    if (schema.getType() != null) return schema.getType();
    if (schema.getTypes() != null && !schema.getTypes().isEmpty()) {
      return schema.getTypes().iterator().next();
    }
    return schema.getProperties() == null ? "string" : "object";
  }

  private static Schema<?> resolved(OpenAPI api, Schema<?> reference) {
    var ref = reference.get$ref();
    var name = ref.substring(ref.lastIndexOf('/') + 1);
    return Objects.requireNonNull(api.getComponents().getSchemas().get(name), name);
  }

  private static Object object(OpenAPI api, Schema<?> schema, int depth) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    if (schema.getProperties() == null || depth > DEEPEST) return object;
    boolean list = schema.getProperties().containsKey("has_more");
    schema
        .getProperties()
        .forEach(
            (name, property) -> {
              var value = value(api, property, name, depth + 1);
              object.put(name, name.equals("object") && !list ? kind(property, value) : value);
            });
    var kind = String.valueOf(object.get("object"));
    if (ID_OF.containsKey(kind)) object.replace("id", ID_OF.get(kind) + ULID);
    if (kind.equals("channel")) object.replace("id", BY_NAME.get("channel"));
    return object;
  }

  private static @Nullable Object kind(Schema<?> property, @Nullable Object value) {
    return property.getExample() == null ? "object" : value;
  }

  private static List<@Nullable Object> array(
      OpenAPI api, Schema<?> schema, String name, int depth) {
    var items = new ArrayList<@Nullable Object>();
    if (schema.getItems() != null) items.add(value(api, schema.getItems(), name, depth + 1));
    return items;
  }

  /// Fields of our own types are written as text and so are their examples.
  private static @Nullable Object parsed(Schema<?> schema, Object example) {
    if (!(example instanceof String text)) {
      // Numbers come as trees of an older Jackson, which ours would take for beans.
      return example.getClass().getName().endsWith("Node")
          ? JSON.readValue(example.toString(), Object.class)
          : example;
    }
    return switch (type(schema)) {
      case "array", "object", "integer", "number", "boolean" -> JSON.readValue(text, Object.class);
      default -> text;
    };
  }

  private static String text(Schema<?> schema, String name) {
    var format = Optional.ofNullable(schema.getFormat()).orElse("");
    if (format.equals("date-time") || name.endsWith("_at") || name.endsWith("_before")) return TIME;
    var known = BY_NAME.get(name);
    if (known != null) return known;
    var lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("id")) return "pay_" + ULID;
    for (var part : List.of("asset", "payer", "payee", "address", "key", "vault", "token")) {
      if (lower.contains(part)) return ADDRESS;
    }
    return "1000";
  }
}
