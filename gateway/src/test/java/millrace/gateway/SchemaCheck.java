package millrace.gateway;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Whether an answer is as the API's description says. Stricter than JSON Schema in one point:
/// fields that are not described are faults, too.
final class SchemaCheck {
  private final JsonNode description;

  SchemaCheck(JsonNode description) {
    this.description = description;
  }

  List<String> faults(JsonNode schema, JsonNode value) {
    var faults = new ArrayList<String>();
    check(schema, value, "$", faults);
    return faults;
  }

  private void check(JsonNode schema, JsonNode value, String at, List<String> faults) {
    if (value.isNull()) return; // Which fields may be missing, springdoc does not say.
    if (schema.has("$ref")) {
      check(resolve(schema.get("$ref").stringValue()), value, at, faults);
      return;
    }
    for (var choice : List.of("oneOf", "anyOf")) {
      if (schema.has(choice)) {
        boolean one = false;
        for (var option : schema.get(choice)) one |= faults(option, value).isEmpty();
        if (!one) faults.add(at + " is none of " + choice);
        return;
      }
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      faults.add(at + " is none of " + schema.get("enum") + ": " + value);
    }
    switch (schema.path("type").asString("")) {
      case "object" -> object(schema, value, at, faults);
      case "array" -> array(schema, value, at, faults);
      case "string" -> string(schema, value, at, faults);
      case "integer" -> expect(value.isIntegralNumber(), "an integer", value, at, faults);
      case "number" -> expect(value.isNumber(), "a number", value, at, faults);
      case "boolean" -> expect(value.isBoolean(), "a boolean", value, at, faults);
      default -> {
        // Anything.
      }
    }
  }

  private void object(JsonNode schema, JsonNode value, String at, List<String> faults) {
    if (!value.isObject()) {
      expect(false, "an object", value, at, faults);
      return;
    }
    for (var required : schema.path("required")) {
      if (!value.has(required.stringValue())) faults.add(at + " lacks " + required);
    }
    if (!schema.has("properties") && !schema.has("additionalProperties")) return;
    for (var field : value.properties()) {
      var path = at + "." + field.getKey();
      var known = schema.path("properties").path(field.getKey());
      if (!known.isMissingNode()) {
        check(known, field.getValue(), path, faults);
      } else if (schema.path("additionalProperties").isObject()) {
        check(schema.get("additionalProperties"), field.getValue(), path, faults);
      } else if (!schema.path("additionalProperties").asBoolean(false)) {
        faults.add(path + " is not described");
      }
    }
  }

  private void array(JsonNode schema, JsonNode value, String at, List<String> faults) {
    expect(value.isArray(), "an array", value, at, faults);
    int index = 0;
    for (var item : value) check(schema.path("items"), item, at + "[" + index++ + "]", faults);
  }

  private static void string(JsonNode schema, JsonNode value, String at, List<String> faults) {
    expect(value.isString(), "a string", value, at, faults);
    if (!value.isString() || !schema.path("format").asString("").equals("date-time")) return;
    try {
      Instant.parse(value.stringValue());
    } catch (DateTimeException no) {
      faults.add(at + " is no RFC 3339 time: " + value);
    }
  }

  private static void expect(
      boolean holds, String what, JsonNode value, String at, List<String> faults) {
    if (!holds) faults.add(at + " is not " + what + ": " + value);
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (var one : values) if (one.equals(value)) return true;
    return false;
  }

  JsonNode resolve(String reference) {
    var found = description.at(reference.substring(1));
    if (found.isMissingNode()) throw new IllegalStateException("no schema " + reference);
    return found;
  }
}
