package millrace.gateway.hub;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// One HTTP call to channel-service at a time, behind a breaker. Knows for each failure whether the
/// request can have arrived.
final class HubConnection {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  private final URI url;
  private final HttpClient http;
  private final CircuitBreaker breaker;

  HubConnection(URI url, CircuitBreaker breaker) {
    this.url = url;
    this.breaker = breaker;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  byte[] post(String path, byte[] json, Duration timeout) {
    var request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json))
            .build();
    return guarded(request).orElseThrow(() -> new HubContractException("404 to " + path));
  }

  /// Empty when there is no such thing.
  Optional<byte[]> get(String path, Duration timeout) {
    return guarded(HttpRequest.newBuilder(url.resolve(path)).timeout(timeout).GET().build());
  }

  void close() {
    http.shutdownNow();
  }

  private Optional<byte[]> guarded(HttpRequest request) {
    try {
      return breaker.executeSupplier(() -> exchange(request));
    } catch (CallNotPermittedException open) {
      throw HubException.notSent();
    }
  }

  private Optional<byte[]> exchange(HttpRequest request) {
    try {
      return body(http.send(request, BodyHandlers.ofByteArray()));
    } catch (ConnectException | HttpConnectTimeoutException neverLeft) {
      throw HubException.notSent();
    } catch (IOException lost) {
      throw HubException.inDoubt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HubException.inDoubt();
    }
  }

  private static Optional<byte[]> body(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    if (status == 200) return Optional.of(answer.body());
    if (status == 404) return Optional.empty();
    // A commit whose answer PostgreSQL could not give looks like this as well.
    if (status >= 500) throw HubException.inDoubt();
    throw new HubContractException(status + " to " + answer.uri().getPath());
  }

  /// The two services do not understand each other: a bug, which no retry mends.
  static final class HubContractException extends RuntimeException {
    HubContractException(String message) {
      super(message);
    }

    HubContractException(String message, JacksonException cause) {
      super(message, cause);
    }
  }
}
