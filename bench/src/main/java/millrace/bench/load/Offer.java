package millrace.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;
import millrace.protocol.x402.ChannelPayload;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.Resource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a route asks for, and how that was written. The stock server compares a payer's echo with
/// its own offer letter by letter, and writes some addresses in mixed case.
///
/// @param asWritten the offer within the answer
public record Offer(PaymentRequirements terms, Resource resource, JsonNode asWritten) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// @param header of an answer 402
  static Offer of(String header) {
    return switch (PaymentRequired.ofHeader(header)) {
      case Parsed.Ok<PaymentRequired>(var required) ->
          new Offer(
              required.accepts().getFirst(),
              required.resource(),
              asWritten(new String(Base64.getDecoder().decode(header), UTF_8)));
      case Parsed.Malformed<PaymentRequired>(var error, var detail) ->
          throw new IllegalStateException("an offer with " + error + ": " + detail);
    };
  }

  private static JsonNode asWritten(String required) {
    for (var offer : JSON.readTree(required).path("accepts")) {
      if (offer.path("scheme").asString().equals(PaymentRequirements.SCHEME)) return offer;
    }
    throw new IllegalStateException("no offer of " + PaymentRequirements.SCHEME);
  }

  /// A payment as it stands in the header, before base64.
  String payment(ChannelPayload payload) {
    var json = new PaymentPayload(terms, payload, Optional.of(resource), Extensions.NONE).toJson();
    if (!(JSON.readTree(json) instanceof ObjectNode payment)) {
      throw new IllegalStateException("not an object: " + json);
    }
    payment.set("accepted", asWritten);
    return JSON.writeValueAsString(payment);
  }
}
