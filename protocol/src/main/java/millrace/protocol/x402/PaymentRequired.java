package millrace.protocol.x402;

import static millrace.protocol.x402.PaymentPayload.VERSION;

import java.util.List;
import java.util.Optional;

/// The answer 402: what to pay, and what was wrong with the last attempt.
///
/// @param error a word of [X402Error], or another server's own
/// @param accepts the offers of our scheme; those of other schemes are left out when read
public record PaymentRequired(
    String error, Resource resource, List<PaymentRequirements> accepts, Extensions extensions) {
  public PaymentRequired {
    accepts = List.copyOf(accepts);
  }

  public static PaymentRequired of(
      X402Error error, Resource resource, PaymentRequirements offer, Extensions extensions) {
    return new PaymentRequired(error.wire(), resource, List.of(offer), extensions);
  }

  /// The answer that lets an honest client which is out of step sign again. Without a voucher it
  /// starts at what was claimed on chain.
  public PaymentRequired correctedBy(ChannelState state, Optional<VoucherState> voucher) {
    return new PaymentRequired(
        error,
        resource,
        accepts.stream().map(offer -> offer.correctedBy(state, voucher)).toList(),
        extensions);
  }

  public static Parsed<PaymentRequired> ofHeader(String header) {
    return Headers.decode(header, PaymentRequired::ofJson);
  }

  public static Parsed<PaymentRequired> ofJson(String json) {
    return Json.parse(json, PaymentRequired::read);
  }

  public String toHeader() {
    return Headers.encode(toJson());
  }

  public String toJson() {
    var offers = Json.array();
    accepts.forEach(offer -> offers.add(offer.write()));
    var node = Json.object().put("x402Version", VERSION).put("error", error);
    node.set("resource", resource.write());
    node.set("accepts", offers);
    if (!extensions.isEmpty()) node.set("extensions", extensions.write());
    return Json.write(node);
  }

  private static PaymentRequired read(Fields fields) {
    PaymentPayload.requireVersion(fields);
    return new PaymentRequired(
        fields.optionalText("error").orElse(""),
        Resource.read(fields.object("resource")),
        fields.objects("accepts").stream()
            .filter(PaymentRequirements::isOfScheme)
            .map(PaymentRequirements::read)
            .toList(),
        Extensions.read(fields.optionalObject("extensions")));
  }
}
