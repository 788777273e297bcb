package millrace.protocol.x402;

import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON text to and from trees, with a limit on everything and no second meaning of a text: a key
/// given twice or anything after the end is refused.
final class Json {
  static final int MAX_CHARS = 16 * 1024;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_CHARS = 20;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_CHARS)
                          .maxStringLength(MAX_CHARS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static String write(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /// For text that [#write] made.
  static JsonNode reread(String own) {
    return MAPPER.readTree(own);
  }

  static <T> Parsed<T> parse(String text, Function<Fields, T> reader) {
    if (text.length() > MAX_CHARS) return malformed("too long");
    try {
      return new Parsed.Ok<>(reader.apply(Fields.of(MAPPER.readTree(text))));
    } catch (JacksonException notJson) {
      return malformed("not one JSON value within limits");
    } catch (Fields.Unreadable unreadable) {
      return new Parsed.Malformed<>(unreadable.error(), unreadable.detail());
    }
  }

  private static <T> Parsed<T> malformed(String detail) {
    return new Parsed.Malformed<>(X402Error.INVALID_PAYLOAD, detail);
  }
}
