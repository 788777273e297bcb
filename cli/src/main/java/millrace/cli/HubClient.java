package millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The hub's REST API. What may be sent twice is sent again while the hub does not answer.
final class HubClient {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 5;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// In flight, too many, overloaded or away: none says that it was not done before.
  private static final Set<Integer> LATER = Set.of(409, 429, 502, 503, 504);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI url;
  private final String key;
  private final Duration firstPause;

  /// @param firstPause before it asks again; the next ones are longer
  HubClient(URI url, String key, Duration firstPause) {
    this.firstPause = firstPause;
    this.url = url;
    this.key = key;
  }

  URI url() {
    return url;
  }

  /// Whether it is asked with a key that begins so.
  boolean hasKey(String beginning) {
    return key.startsWith(beginning);
  }

  /// True when the key it is asked with was the one that is kept, and is replaced.
  boolean replaceIn(KeptKeys kept, String newKey) {
    return !newKey.isEmpty() && kept.replace(key, newKey);
  }

  Answer get(String path) throws InterruptedException {
    return again(request(path).GET());
  }

  /// For who would rather know at once.
  Answer once(String path) throws InterruptedException {
    return send(request(path).GET().build()).answer();
  }

  /// For what is harmless when it is done twice, and for what must not be done twice.
  ///
  /// @param idempotencyKey by which the hub knows a repeat; without one nothing is repeated
  Answer post(String path, Map<String, ?> body, Optional<String> idempotencyKey)
      throws InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (idempotencyKey.isEmpty()) return send(request.build()).answer();
    return again(request.header("Idempotency-Key", idempotencyKey.get()));
  }

  /// A stream that stays open; the caller reads and closes it.
  HttpResponse<InputStream> open(String path, Optional<String> lastEventId)
      throws IOException, InterruptedException {
    var request = request(path).header("Accept", "text/event-stream").GET();
    lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
    return http.send(request.build(), BodyHandlers.ofInputStream());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(TIMEOUT)
        .header("User-Agent", "Millrace-CLI")
        .header("Authorization", "Bearer " + key);
  }

  private Answer again(HttpRequest.Builder builder) throws InterruptedException {
    var request = builder.build();
    var pause = firstPause;
    var reply = send(request);
    for (int attempt = 1; attempt < ATTEMPTS && reply.later(); attempt++) {
      var asked = reply.retryAfter().orElse(pause);
      Thread.sleep(asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked);
      pause = pause.multipliedBy(2);
      reply = send(request);
    }
    return reply.answer();
  }

  private Reply send(HttpRequest request) throws InterruptedException {
    try {
      var response = http.send(request, BodyHandlers.ofString());
      var retryAfter =
          response
              .headers()
              .firstValue("Retry-After")
              .filter(text -> text.matches("[0-9]{1,6}"))
              .map(text -> Duration.ofSeconds(Long.parseLong(text)));
      int status = response.statusCode();
      return new Reply(answer(status, parsed(response.body())), LATER.contains(status), retryAfter);
    } catch (IOException failure) {
      var why = "no answer from " + url + ": " + reason(failure);
      return new Reply(new Answer.Unknown(why), true, Optional.empty());
    }
  }

  static Answer answer(int status, JsonNode body) {
    if (status >= 200 && status < 300) return new Answer.Done(status, body);
    // A 409 that stays says that the request is still being served.
    if (status < 500 && status != 409) return new Answer.Refused(status, body);
    return new Answer.Unknown("the hub answered " + status + ": " + body.path("detail").asString());
  }

  /// What is no JSON comes from something in between.
  static JsonNode parsed(String text) {
    try {
      return text.isEmpty() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(text);
    } catch (JacksonException other) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("detail", text.lines().findFirst().orElse(""));
    }
  }

  /// Some failures of the JDK's client have no message of their own.
  static String reason(Throwable failure) {
    var message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private record Reply(Answer answer, boolean later, Optional<Duration> retryAfter) {}
}
