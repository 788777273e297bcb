package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import millrace.gateway.offer.Offer;
import millrace.protocol.x402.Headers;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.X402Error;

/// A request for something that has a price.
interface Asked {
  HttpServletRequest request();

  HttpServletResponse response();

  Offer offer();

  default boolean isUnpaid() {
    return request().getHeader(Headers.PAYMENT_SIGNATURE) == null;
  }

  /// What it brings to pay with, if it brings anything.
  default Optional<Parsed<PaymentPayload>> payment() {
    var signatures = request().getHeaders(Headers.PAYMENT_SIGNATURE);
    if (!signatures.hasMoreElements()) return Optional.empty();
    var parsed = PaymentPayload.ofHeader(signatures.nextElement());
    return Optional.of(
        signatures.hasMoreElements()
            ? new Parsed.Malformed<>(X402Error.INVALID_PAYLOAD, "more than one header")
            : parsed);
  }
}
