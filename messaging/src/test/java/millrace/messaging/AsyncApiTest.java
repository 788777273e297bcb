package millrace.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The committed description of our topics is what the code publishes.
/// `-Dasyncapi.write=true` writes it anew.
class AsyncApiTest {
  private static final Path COMMITTED = Path.of("..", "docs", "api", "asyncapi.json");

  @Test
  void theDescriptionOfTheTopicsIsWhatIsCommitted() throws IOException {
    var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    var text = json.writeValueAsString(new AsyncApi(AsyncApiTest::golden).document()) + "\n";
    if (Boolean.getBoolean("asyncapi.write")) Files.writeString(COMMITTED, text);
    assertThat(COMMITTED).as("run with -Dasyncapi.write=true and commit").content().isEqualTo(text);
  }

  private static Object golden(String type) {
    try (var file = AsyncApiTest.class.getResourceAsStream("/golden/" + type + ".json")) {
      assertThat(file).as("golden file of %s", type).isNotNull();
      return JsonMapper.shared().readValue(new String(file.readAllBytes(), UTF_8), Object.class);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
