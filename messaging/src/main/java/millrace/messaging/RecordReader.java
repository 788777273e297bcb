package millrace.messaging;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// Reads a record: each component once, by its name, and then the constructor. Jackson's own way to
/// make a record looks up every name and prepares the call of the constructor each time, which is
/// half of what reading an event costs; four services read each payment.
final class RecordReader<T> extends StdDeserializer<T> {
  private final Class<T> type;
  private final MethodHandle constructor;
  private final RecordComponent[] components;
  private final String[] names;
  private ValueDeserializer<?>[] readers = {};

  private RecordReader(Class<T> type, MethodHandle constructor) {
    super(type);
    this.type = type;
    this.constructor = constructor;
    this.components = type.getRecordComponents();
    this.names = Stream.of(components).map(RecordComponent::getName).toArray(String[]::new);
  }

  static void addTo(SimpleModule module) {
    module.setDeserializerModifier(
        new ValueDeserializerModifier() {
          @Override
          public ValueDeserializer<?> modifyDeserializer(
              DeserializationConfig config,
              BeanDescription.Supplier bean,
              ValueDeserializer<?> usual) {
            var type = bean.getBeanClass();
            return usual instanceof BeanDeserializerBase && isOurs(type) ? of(type) : usual;
          }
        });
  }

  /// Records of other packages may have names or absent values of their own kind.
  private static boolean isOurs(Class<?> type) {
    var name = type.getPackageName();
    return type.isRecord()
        && Modifier.isPublic(type.getModifiers())
        && (name.startsWith("millrace.messaging") || name.startsWith("millrace.protocol"));
  }

  private static <T> RecordReader<T> of(Class<T> type) {
    try {
      var parameters =
          Stream.of(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<T> constructor = type.getConstructor(parameters);
      var handle =
          MethodHandles.publicLookup()
              .unreflectConstructor(constructor)
              .asSpreader(Object[].class, parameters.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
      return new RecordReader<>(type, handle);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be read", e);
    }
  }

  @Override
  public void resolve(DeserializationContext context) {
    readers =
        Arrays.stream(components)
            .map(it -> context.getTypeFactory().constructType(it.getGenericType()))
            .map(context::findRootValueDeserializer)
            .toArray(ValueDeserializer<?>[]::new);
  }

  @Override
  public @Nullable T deserialize(JsonParser json, DeserializationContext context) {
    // A reader that had to see the type's name first has passed the start of the object.
    var token = json.currentToken();
    if (token == JsonToken.START_OBJECT) {
      token = json.nextToken();
    } else if (token != JsonToken.PROPERTY_NAME && token != JsonToken.END_OBJECT) {
      return type.cast(context.handleUnexpectedToken(type, json));
    }
    var values = new @Nullable Object[names.length];
    for (int next = 0; token == JsonToken.PROPERTY_NAME; token = json.nextToken()) {
      var name = json.currentName();
      int place = place(name, next);
      json.nextToken();
      if (place < 0) {
        context.handleUnknownProperty(json, this, type, name);
      } else {
        values[place] = read(place, json, context);
        next = place + 1;
      }
    }
    return made(complete(values, context), context);
  }

  /// They mostly come in the order in which they are declared.
  private int place(String name, int expected) {
    if (expected < names.length && names[expected].equals(name)) return expected;
    for (int i = 0; i < names.length; i++) if (names[i].equals(name)) return i;
    return -1;
  }

  private @Nullable Object read(int place, JsonParser json, DeserializationContext context) {
    try {
      return json.currentToken() == JsonToken.VALUE_NULL
          ? readers[place].getNullValue(context)
          : readers[place].deserialize(json, context);
    } catch (JacksonException e) {
      throw e.prependPath(type, names[place]);
    }
  }

  private @Nullable Object[] complete(@Nullable Object[] values, DeserializationContext context) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) continue;
      // Of what is not there, only what is optional has a value.
      if (!components[i].getType().isPrimitive()) {
        values[i] = readers[i].getAbsentValue(context);
      }
      if (values[i] == null) {
        return context.reportInputMismatch(type, "'%s' is missing or null", names[i]);
      }
    }
    return values;
  }

  private @Nullable T made(@Nullable Object[] values, DeserializationContext context) {
    try {
      return type.cast((Object) constructor.invokeExact(values));
    } catch (Throwable refused) {
      return type.cast(context.handleInstantiationProblem(type, null, refused));
    }
  }
}
