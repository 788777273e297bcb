package millrace.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import millrace.protocol.x402.Headers;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentRequired;

/// What a route asks for, as whoever comes without money is told.
public final class Prices {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private Prices() {}

  public static Offer of(URI route) throws InterruptedException {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var request = HttpRequest.newBuilder(route).timeout(TIMEOUT).GET().build();
      var header =
          http.send(request, BodyHandlers.ofString())
              .headers()
              .firstValue(Headers.PAYMENT_REQUIRED)
              .orElseThrow(() -> new IllegalStateException(route + " asks for no payment"));
      return Offer.of(header);
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + route, e);
    }
  }

  /// Why a payment was not taken, in the word of the answer; empty if it does not say.
  static String error(HttpResponse<?> answer) {
    return answer
        .headers()
        .firstValue(Headers.PAYMENT_REQUIRED)
        .map(PaymentRequired::ofHeader)
        .map(it -> it instanceof Parsed.Ok<PaymentRequired>(var required) ? required.error() : "")
        .orElse("");
  }
}
