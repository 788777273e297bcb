package millrace.messaging;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.Event;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;

/// Our topics in the words of AsyncAPI 3: made from the code that publishes, so that it cannot say
/// anything else.
final class AsyncApi {
  private static final Map<Type, Map<String, Object>> STRINGS =
      Map.of(
          Amount.class, Map.of("type", "string", "pattern", "^(0|[1-9][0-9]*)$"),
          BigInteger.class, Map.of("type", "string", "pattern", "^-?(0|[1-9][0-9]*)$"),
          Address.class, hex(20),
          Bytes32.class, hex(32),
          ChannelId.class, hex(32),
          Signature.class, hex(65),
          Instant.class, Map.of("type", "string", "format", "date-time"));

  private final EventCodec codec = new EventCodec();
  private final Function<String, Object> examples;
  private final Map<String, Object> schemas = new TreeMap<>();

  /// @param examples a body of each type
  AsyncApi(Function<String, Object> examples) {
    this.examples = examples;
  }

  Map<String, Object> document() {
    var messages = new TreeMap<String, Object>();
    var ofTopic = new TreeMap<String, Map<String, Object>>();
    for (var event : Samples.events()) {
      var type = codec.typeOf(event);
      messages.put(type, message(type, event));
      ofTopic
          .computeIfAbsent(Topics.of(event), _ -> new TreeMap<>())
          .put(type, ref("#/components/messages/" + type));
    }
    messages.put(PaymentPages.TYPE, page());
    ofTopic
        .computeIfAbsent(Topics.CHANNELS, _ -> new TreeMap<>())
        .put(PaymentPages.TYPE, ref("#/components/messages/" + PaymentPages.TYPE));
    var channels = new LinkedHashMap<String, Object>();
    var operations = new LinkedHashMap<String, Object>();
    for (var topic : Topics.ALL) {
      channels.put(topic, channel(topic, ofTopic.getOrDefault(topic, Map.of())));
      operations.put(
          "publish-" + topic, ordered("action", "send", "channel", ref("#/channels/" + topic)));
    }
    var document = new LinkedHashMap<String, Object>();
    document.put("asyncapi", "3.0.0");
    document.put("info", info());
    document.put("defaultContentType", "application/json");
    document.put("channels", channels);
    document.put("operations", operations);
    document.put("components", components(messages));
    return document;
  }

  private static Map<String, Object> info() {
    var info = new LinkedHashMap<String, Object>();
    info.put("title", "Millrace events");
    info.put("version", "1.0.0");
    info.put(
        "description",
        "What the services of a hub tell each other, as CloudEvents 1.0 in binary mode. Events of"
            + " one key are in order; each may come more than once, with the same ce_id. Readers"
            + " pass over types and fields that they do not know.");
    return info;
  }

  private static Map<String, Object> channel(String topic, Map<String, Object> messages) {
    var channel = new LinkedHashMap<String, Object>();
    channel.put("address", topic);
    channel.put("description", "Published by " + EventCodec.sourceOf(topic).getPath().substring(1));
    channel.put("messages", messages);
    channel.put("bindings", Map.of("kafka", ordered("topic", topic, "bindingVersion", "0.5.0")));
    return channel;
  }

  private Map<String, Object> message(String type, Event event) {
    var message = new LinkedHashMap<String, Object>();
    message.put("name", type);
    message.put("contentType", "application/json; charset=UTF-8");
    message.put("headers", headers(type, EventCodec.sourceOf(Topics.of(event)).toString()));
    message.put("payload", of(event.getClass()));
    message.put("examples", List.of(Map.of("payload", examples.apply(type))));
    return message;
  }

  private Map<String, Object> page() {
    var page = new LinkedHashMap<String, Object>();
    page.put("name", PaymentPages.TYPE);
    page.put(
        "description",
        "Payments of one partition, a line of JSON for each, in the order of their channels. Has no"
            + " key. A payment may come again in another page: its paymentId tells, ce_id does not.");
    page.put("contentType", "application/x-ndjson; charset=UTF-8");
    page.put(
        "headers", headers(PaymentPages.TYPE, EventCodec.sourceOf(Topics.CHANNELS).toString()));
    page.put("payload", ordered("type", "array", "items", of(PaymentAccepted.class)));
    return page;
  }

  private static Map<String, Object> headers(String type, String source) {
    var headers = new LinkedHashMap<String, Object>();
    headers.put("ce_specversion", Map.of("const", "1.0"));
    headers.put("ce_id", ordered("type", "string", "format", "uuid"));
    headers.put("ce_type", Map.of("const", type));
    headers.put("ce_source", Map.of("const", source));
    headers.put("ce_time", ordered("type", "string", "format", "date-time"));
    return object(headers, List.copyOf(headers.keySet()));
  }

  private Map<String, Object> components(Map<String, Object> messages) {
    var components = new LinkedHashMap<String, Object>();
    components.put("messages", messages);
    components.put("schemas", schemas);
    return components;
  }

  private Map<String, Object> of(Type type) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      return ordered("type", "array", "items", of(generic.getActualTypeArguments()[0]));
    }
    var known = STRINGS.get(type);
    if (known != null) return new TreeMap<>(known);
    if (type == long.class || type == int.class) return Map.of("type", "integer");
    if (type == boolean.class) return Map.of("type", "boolean");
    if (type instanceof Class<?> one && one.isEnum()) {
      return ordered(
          "type",
          "string",
          "enum",
          Arrays.stream(one.getEnumConstants()).map(Object::toString).toList());
    }
    if (type instanceof Class<?> one && one.isRecord() && !isText(one)) return record(one);
    return Map.of("type", "string");
  }

  /// Ids: one string behind a name.
  private static boolean isText(Class<?> type) {
    var components = type.getRecordComponents();
    return components.length == 1 && components[0].getType() == String.class;
  }

  private Map<String, Object> record(Class<?> type) {
    var name = type.getSimpleName();
    if (!schemas.containsKey(name)) {
      schemas.put(name, Map.of());
      var properties = new LinkedHashMap<String, Object>();
      var required = new ArrayList<String>();
      for (var component : type.getRecordComponents()) {
        var value = optional(component);
        properties.put(component.getName(), of(value.orElseGet(component::getGenericType)));
        if (value.isEmpty()) required.add(component.getName());
      }
      schemas.put(name, object(properties, required));
    }
    return ref("#/components/schemas/" + name);
  }

  private static Optional<Type> optional(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType generic
            && generic.getRawType() == Optional.class
        ? Optional.of(generic.getActualTypeArguments()[0])
        : Optional.empty();
  }

  private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
    return ordered("type", "object", "properties", properties, "required", required);
  }

  private static Map<String, Object> ordered(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) map.put((String) pairs[i], pairs[i + 1]);
    return map;
  }

  private static Map<String, Object> hex(int bytes) {
    return Map.of("type", "string", "pattern", "^0x[0-9a-fA-F]{" + 2 * bytes + "}$");
  }

  private static Map<String, Object> ref(String to) {
    return Map.of("$ref", to);
  }
}
