package millrace.gateway.webhook;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The published schemas, for tests.
public final class EventSchemas {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private EventSchemas() {}

  /// What about a body is not as the schema of its type says.
  public static List<String> faults(String body) {
    var type = JsonMapper.shared().readTree(body).get("type").stringValue();
    return REGISTRY
        .getSchema(read(type + ".schema.json"), InputFormat.JSON)
        .validate(
            body,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Object::toString)
        .toList();
  }

  static String example(String type) {
    return read(type + ".example.json");
  }

  private static String read(String name) {
    try (var file = EventSchemas.class.getResourceAsStream("/events/" + name)) {
      if (file == null) throw new IllegalStateException("there is no events/" + name);
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
