package millrace.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;

/// CloudEvents 1.0 in the binary mode of its Kafka binding: attributes in headers, JSON as value,
/// or a line of JSON for each of several payments.
public record CloudEventHeaders(UUID id, String type, Instant time) {
  private static final String SPEC_VERSION = "1.0";
  private static final String JSON = "application/json; charset=UTF-8";
  private static final String LINES_OF_JSON = "application/x-ndjson; charset=UTF-8";

  public void writeTo(Headers headers, String topic) {
    put(headers, "ce_specversion", SPEC_VERSION);
    put(headers, "ce_id", id.toString());
    put(headers, "ce_type", type);
    put(headers, "ce_source", EventCodec.sourceOf(topic).toString());
    put(headers, "ce_time", time.toString());
    put(headers, "content-type", type.equals(PaymentPages.TYPE) ? LINES_OF_JSON : JSON);
  }

  /// @throws UndecodableException when an attribute is missing or malformed
  public static CloudEventHeaders of(Headers headers) throws UndecodableException {
    var version = get(headers, "ce_specversion");
    if (!version.equals(SPEC_VERSION)) {
      throw new UndecodableException("unknown CloudEvents version " + version);
    }
    try {
      return new CloudEventHeaders(
          UUID.fromString(get(headers, "ce_id")),
          get(headers, "ce_type"),
          Instant.parse(get(headers, "ce_time")));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UndecodableException("malformed CloudEvents header: " + e.getMessage(), e);
    }
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }

  private static String get(Headers headers, String name) throws UndecodableException {
    var header = headers.lastHeader(name);
    if (header == null || header.value() == null) {
      throw new UndecodableException("header " + name + " is missing");
    }
    return new String(header.value(), UTF_8);
  }
}
