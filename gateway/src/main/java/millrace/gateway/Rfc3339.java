package millrace.gateway;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/// Times as the API writes them. A bare number is none: some count seconds and some milliseconds,
/// and whoever guesses wrong is fifty years off.
final class Rfc3339 extends StdDeserializer<Instant> {
  Rfc3339() {
    super(Instant.class);
  }

  /// @throws DateTimeException when it is no time with an offset
  static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  @Override
  public Instant deserialize(JsonParser json, DeserializationContext context) {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      return (Instant) context.handleUnexpectedToken(context.constructType(Instant.class), json);
    }
    var text = json.getString();
    try {
      return instant(text);
    } catch (DateTimeException notOne) {
      throw context.weirdStringException(text, Instant.class, "not a time");
    }
  }
}
