package millrace.bench.micro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;

/// The client that the gateway uses, and nothing around it.
final class HttpCalls implements BatchCalls {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private final Duration timeout;

  /// @param timeout of one call
  HttpCalls(URI server, Duration timeout) {
    this.url = server.resolve(HopWire.HTTP_PATH);
    this.timeout = timeout;
  }

  @Override
  public List<PaymentOutcome> sendTogether(List<PaymentCommand> commands) {
    var request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(HopWire.commands(commands)))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() == 200) return HopWire.outcomes(answer.body());
      throw new IllegalStateException("answered with " + answer.statusCode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
