package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON over HTTP, as a merchant or an operator writes it.
final class Rest {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final int UNAVAILABLE = 503;
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Rest() {}

  static HttpResponse<String> get(URI uri, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(headers, HttpRequest.newBuilder(uri).GET());
  }

  static HttpResponse<String> post(URI uri, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    return send(
        headers,
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  static HttpResponse<String> put(URI uri, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    return send(
        headers,
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  /// @throws IllegalStateException where the hub says that it cannot just now: who waits for
  ///     something may ask again
  static JsonNode json(HttpResponse<String> response) {
    if (response.statusCode() == UNAVAILABLE) {
      throw new IllegalStateException(response.uri() + " answers " + response.body());
    }
    assertThat(response.statusCode())
        .as("%s answers %s", response.uri(), response.body())
        .isBetween(200, 299);
    return JSON.readTree(response.body());
  }

  static int status(URI uri) throws IOException, InterruptedException {
    return get(uri, Map.of()).statusCode();
  }

  private static HttpResponse<String> send(Map<String, String> headers, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    headers.forEach(request::header);
    return CLIENT.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
  }
}
