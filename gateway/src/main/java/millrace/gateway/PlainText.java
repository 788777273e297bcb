package millrace.gateway;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/// Text of a request. A NUL or half a character pair is legal JSON, but neither PostgreSQL nor
/// UTF-8 can hold it, and it would be found only where other people's payments share the statement.
final class PlainText extends StdDeserializer<String> {
  PlainText() {
    super(String.class);
  }

  @Override
  public String deserialize(JsonParser json, DeserializationContext context) {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      return (String) context.handleUnexpectedToken(context.constructType(String.class), json);
    }
    var text = json.getString();
    boolean broken =
        text.codePoints()
            .anyMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
    if (broken) throw context.weirdStringException("…", String.class, "not plain text");
    return text;
  }
}
