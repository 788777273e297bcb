package millrace.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The hub's REST API as a merchant calls it: JSON over HTTP with a bearer key.
public final class HubApi {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final String key;

  public HubApi(String url, String key) {
    this.url = url;
    this.key = key;
  }

  public HubApi as(String otherKey) {
    return new HubApi(url, otherKey);
  }

  public JsonNode get(String path) throws InterruptedException {
    return send(request(path).GET());
  }

  /// Safe to send again: carries an idempotency key.
  public JsonNode post(String path, Map<String, ?> body) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  public JsonNode patch(String path, Map<String, ?> body) throws InterruptedException {
    var content = BodyPublishers.ofString(JSON.writeValueAsString(body));
    return send(request(path).header("Content-Type", "application/json").method("PATCH", content));
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT);
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  private JsonNode send(HttpRequest.Builder builder) throws InterruptedException {
    var request = builder.build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(
            "%s %s answered %d: %s"
                .formatted(
                    request.method(), request.uri(), response.statusCode(), response.body()));
      }
      return JSON.readTree(response.body());
    } catch (IOException failure) {
      throw new IllegalStateException("no answer from " + request.uri(), failure);
    }
  }
}
