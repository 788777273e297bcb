package millrace.messaging;

import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// A value whose JSON is the string it prints as. Numbers are refused: amounts do not survive
/// readers that keep numbers in floating point.
record TextForm<T>(Class<T> type, Function<String, T> reader) {
  static <T> TextForm<T> of(Class<T> type, Function<String, T> reader) {
    return new TextForm<>(type, reader);
  }

  void addTo(SimpleModule module) {
    module.addSerializer(type, new Writer<>(type));
    module.addDeserializer(type, new Reader<>(type, reader));
  }

  private static final class Writer<T> extends StdSerializer<T> {
    Writer(Class<T> type) {
      super(type);
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializationContext context) {
      json.writeString(value.toString());
    }
  }

  private static final class Reader<T> extends StdDeserializer<T> {
    private final Function<String, T> reader;

    Reader(Class<T> type, Function<String, T> reader) {
      super(type);
      this.reader = reader;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser json, DeserializationContext context) {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        return (T) context.handleUnexpectedToken(context.constructType(handledType()), json);
      }
      var text = json.getString();
      try {
        return reader.apply(text);
      } catch (IllegalArgumentException e) {
        throw context.weirdStringException(text, handledType(), e.getMessage());
      }
    }
  }
}
