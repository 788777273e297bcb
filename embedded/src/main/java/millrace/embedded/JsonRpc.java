package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls to a node, the development ones included, which no client library knows.
final class JsonRpc implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /// A whole chain comes as one string.
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .build();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI node;

  JsonRpc(URI node) {
    this.node = node;
  }

  /// @throws RpcException when the node answers with an error
  /// @throws UncheckedIOException when it does not answer
  JsonNode call(String method, Object... parameters) {
    var body =
        JSON.writeValueAsString(
            Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(parameters)));
    var request =
        HttpRequest.newBuilder(node)
            .timeout(TIMEOUT)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      var answer = JSON.readTree(response.body());
      if (answer.hasNonNull("error"))
        throw new RpcException(method, answer.get("error").toString());
      return answer.path("result");
    } catch (IOException e) {
      throw new UncheckedIOException("the development chain does not answer " + method, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + method, e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
