package millrace.bench.load;

import java.util.Optional;
import millrace.protocol.x402.ChannelPayload;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.Resource;

/// What a route asks for.
public record Offer(PaymentRequirements terms, Resource resource) {
  /// @param header of an answer 402
  static Offer of(String header) {
    return switch (PaymentRequired.ofHeader(header)) {
      case Parsed.Ok<PaymentRequired>(var required) ->
          new Offer(required.accepts().getFirst(), required.resource());
      case Parsed.Malformed<PaymentRequired>(var error, var detail) ->
          throw new IllegalStateException("an offer with " + error + ": " + detail);
    };
  }

  /// A payment as it stands in the header, before base64.
  String payment(ChannelPayload payload) {
    return new PaymentPayload(terms, payload, Optional.of(resource), Extensions.NONE).toJson();
  }
}
