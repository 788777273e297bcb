package millrace.payer;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// The JDK's client. It does not follow redirects: a payment is for the server it was made for.
public final class JdkHttp implements Http {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /// Longer than a hub waits for a deposit to be final.
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(90);

  private final HttpClient client;

  public JdkHttp() {
    this(
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build());
  }

  /// @param client must not follow redirects
  public JdkHttp(HttpClient client) {
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException("a client that pays must not follow redirects");
    }
    this.client = client;
  }

  @Override
  public Answer send(HttpRequest request) throws IOException, InterruptedException {
    var bounded =
        request.timeout().isPresent()
            ? request
            : HttpRequest.newBuilder(request, (_, _) -> true).timeout(ANSWER_TIMEOUT).build();
    var response = client.send(bounded, HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.headers(), response.body());
  }
}
