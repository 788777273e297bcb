package millrace.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Sends an event to a developer's own server as the hub would, once.
final class Forwarder {
  /// As long as the hub waits.
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI target;
  private final SigningSecret secret;
  private final Clock clock;

  Forwarder(URI target, SigningSecret secret, Clock clock) {
    this.target = target;
    this.secret = secret;
    this.clock = clock;
  }

  URI target() {
    return target;
  }

  Receipt send(String id, String body) throws InterruptedException {
    var at = clock.instant();
    var request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("User-Agent", "Millrace")
            .header("webhook-id", id)
            .header("webhook-timestamp", Long.toString(at.getEpochSecond()))
            .header("webhook-signature", secret.sign(id, at, body))
            .POST(BodyPublishers.ofString(body))
            .build();
    long start = System.nanoTime();
    try {
      int status = http.send(request, BodyHandlers.discarding()).statusCode();
      return new Receipt(Optional.of(status), "", millisSince(start));
    } catch (IOException failure) {
      return new Receipt(Optional.empty(), HubClient.reason(failure), millisSince(start));
    }
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }

  /// @param status empty when there was no answer
  record Receipt(Optional<Integer> status, String failure, long millis) {
    boolean taken() {
      return status.filter(code -> code >= 200 && code < 300).isPresent();
    }

    String text() {
      return status.map(code -> "[" + code + "]").orElse("[" + failure + "]");
    }
  }
}
