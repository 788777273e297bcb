package millrace.payer;

import java.net.URI;
import java.net.http.HttpRequest;
import millrace.protocol.x402.Headers;

/// The requests that go with one that somebody wants paid.
final class Requests {
  private Requests() {}

  static HttpRequest unpaid(HttpRequest request) {
    return without(request).build();
  }

  static HttpRequest paying(HttpRequest request, String payment) {
    return without(request).header(Headers.PAYMENT_SIGNATURE, payment).build();
  }

  static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).GET().build();
  }

  private static HttpRequest.Builder without(HttpRequest request) {
    return HttpRequest.newBuilder(
        request, (name, _) -> !name.equalsIgnoreCase(Headers.PAYMENT_SIGNATURE));
  }
}
