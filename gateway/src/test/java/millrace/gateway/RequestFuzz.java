package millrace.gateway;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes requests out of the API's description: some right, most nearly so, some nonsense.
final class RequestFuzz {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "1.5",
          "1e9",
          "true",
          "null",
          "\u0000",
          "\ud800",
          "'; DROP TABLE merchant; --",
          "../../etc/passwd",
          "%00",
          "{{7*7}}",
          "http://169.254.169.254/",
          "\u202eevil\u202c",
          "x".repeat(3_000),
          "340282366920938463463374607431768211456",
          "115792089237316195423570985008687907853269984665640564039457584007913129639936",
          "2099-01-01T00:00:00Z",
          "0000-99-99",
          "0x" + "f".repeat(40),
          "0x" + "f".repeat(64));

  private final JsonNode description;
  private final SchemaCheck schemas;
  private final Random random;
  private final List<String> ids = new ArrayList<>();

  RequestFuzz(JsonNode description, SchemaCheck schemas, Random random) {
    this.description = description;
    this.schemas = schemas;
    this.random = random;
  }

  record Operation(String method, String path, JsonNode described) {}

  /// @param headers names and values in turn
  record Call(Operation operation, String path, Optional<byte[]> body, List<String> headers) {}

  List<Operation> operations() {
    var all = new ArrayList<Operation>();
    for (var path : description.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        all.add(
            new Operation(
                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue()));
      }
    }
    return all;
  }

  /// An id that the API has told; later requests ask for it.
  void remember(String id) {
    if (ids.size() < 500) ids.add(id);
  }

  Call call(Operation operation) {
    var path = operation.path();
    while (path.contains("{")) {
      int open = path.indexOf('{');
      path = path.substring(0, open) + encoded(id()) + path.substring(path.indexOf('}') + 1);
    }
    var query = new ArrayList<String>();
    var headers = new ArrayList<String>();
    for (var parameter : operation.described().path("parameters")) {
      if (random.nextInt(3) == 0) continue;
      var name = parameter.get("name").stringValue();
      switch (parameter.get("in").stringValue()) {
        case "query" -> query.add(encoded(name) + "=" + encoded(text(parameter.path("schema"))));
        case "header" -> {
          headers.add(name);
          headers.add(random.nextInt(8) == 0 ? "two words" : "fuzz-" + random.nextInt(40));
        }
        default -> {
          // In the path.
        }
      }
    }
    var full = query.isEmpty() ? path : path + "?" + String.join("&", query);
    return new Call(operation, full, body(operation), headers);
  }

  private Optional<byte[]> body(Operation operation) {
    var content = operation.described().path("requestBody").path("content");
    if (content.isEmpty() || random.nextInt(40) == 0) return Optional.empty();
    var schema = content.properties().iterator().next().getValue().path("schema");
    byte[] bytes =
        JsonMapper.shared().writeValueAsBytes(value(schema, random.nextInt(3) == 0 ? 0 : 12));
    if (random.nextInt(20) == 0) bytes[random.nextInt(bytes.length)] ^= (byte) random.nextInt(256);
    return Optional.of(bytes);
  }

  /// @param mischief one in how many values is made wrong; 0 for none
  private JsonNode value(JsonNode schema, int mischief) {
    if (mischief > 0 && random.nextInt(mischief) == 0) return anything(2);
    if (schema.has("$ref")) {
      return value(schemas.resolve(schema.get("$ref").stringValue()), mischief);
    }
    if (schema.has("example") && random.nextInt(4) != 0) return schema.get("example");
    if (schema.has("enum"))
      return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
    return switch (schema.path("type").asString("")) {
      case "object" -> object(schema, mischief);
      case "array" -> {
        var array = JSON.arrayNode();
        for (int n = random.nextInt(4); n > 0; n--)
          array.add(value(schema.path("items"), mischief));
        yield array;
      }
      case "string" -> JSON.stringNode(text(schema));
      case "integer", "number" -> JSON.numberNode(random.nextInt(-1, 200));
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      default -> anything(1);
    };
  }

  private ObjectNode object(JsonNode schema, int mischief) {
    var object = JSON.objectNode();
    var required = schema.path("required");
    for (var field : schema.path("properties").properties()) {
      boolean needed = false;
      for (var name : required) needed |= name.stringValue().equals(field.getKey());
      if (!needed && random.nextBoolean()) continue;
      if (needed && mischief > 0 && random.nextInt(4 * mischief) == 0) continue;
      object.set(field.getKey(), value(field.getValue(), mischief));
    }
    if (schema.path("additionalProperties").isObject()) {
      object.set("key", value(schema.get("additionalProperties"), mischief));
    }
    if (mischief > 0 && random.nextInt(2 * mischief) == 0) object.put("livemode", true);
    return object;
  }

  private JsonNode anything(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextLong());
      case 3 -> JSON.numberNode(random.nextDouble());
      case 4, 5 -> JSON.stringNode(odd());
      case 6 -> {
        ArrayNode array = JSON.arrayNode();
        for (int n = random.nextInt(3); n > 0; n--) array.add(anything(depth - 1));
        yield array;
      }
      default -> {
        ObjectNode object = JSON.objectNode();
        object.set(random.nextBoolean() ? "url" : "x", anything(depth - 1));
        yield object;
      }
    };
  }

  private String text(JsonNode schema) {
    if (schema.has("enum") && random.nextInt(3) != 0) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size())).asString("");
    }
    if (schema.path("type").asString("").equals("integer") && random.nextInt(3) != 0) {
      return "" + random.nextInt(-2, 120);
    }
    return switch (random.nextInt(5)) {
      case 0 -> "" + random.nextInt(1, 10_000);
      case 1 -> id();
      case 2 -> "word" + random.nextInt(100);
      default -> odd();
    };
  }

  private String odd() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private String id() {
    if (!ids.isEmpty() && random.nextInt(4) != 0) return ids.get(random.nextInt(ids.size()));
    // A slash or NUL in a part of a path is refused by the container, before the API is asked.
    var part = odd().replace("/", "").replace("\0", "");
    return random.nextBoolean() || part.isBlank() ? "rt_" + "0".repeat(26) : part;
  }

  /// Half a character pair cannot be in a URL; a question mark takes its place.
  private static String encoded(String text) {
    return URLEncoder.encode(text.isEmpty() ? "-" : text, StandardCharsets.UTF_8)
        .replace("+", "%20");
  }
}
