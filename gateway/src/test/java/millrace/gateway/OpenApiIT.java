package millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The served description is the committed one. `-Dopenapi.write=true` writes it anew.
class OpenApiIT {
  private static final Path COMMITTED = Path.of("..", "docs", "api", "openapi.json");

  @Test
  void whatIsServedIsWhatIsCommitted() throws IOException {
    try (var gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of())) {
      var served = gateway.send(HttpRequest.newBuilder(gateway.url("/v3/api-docs")));
      assertThat(served.statusCode()).isEqualTo(200);
      var json =
          JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
              .build();
      var text = json.writeValueAsString(json.readValue(served.body(), Map.class)) + "\n";
      if (Boolean.getBoolean("openapi.write")) {
        Files.createDirectories(COMMITTED.getParent());
        Files.writeString(COMMITTED, text);
      }
      assertThat(COMMITTED)
          .as("run with -Dopenapi.write=true and commit")
          .content()
          .isEqualTo(text);
    }
  }
}
