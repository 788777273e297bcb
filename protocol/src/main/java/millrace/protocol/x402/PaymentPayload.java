package millrace.protocol.x402;

import static millrace.protocol.x402.X402Error.INVALID_X402_VERSION;
import static millrace.protocol.x402.X402Error.NO_MATCHING_REQUIREMENTS;

import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;

/// A paid request: the offer taken, and the payment.
///
/// @param accepted the client's echo of the offer; compare with [PaymentRequirements#matches]
public record PaymentPayload(
    PaymentRequirements accepted,
    ChannelPayload payload,
    Optional<Resource> resource,
    Extensions extensions) {
  public static final int VERSION = 2;

  public ChannelConfig channelConfig() {
    return payload.channelConfig();
  }

  public SignedVoucher voucher() {
    return payload.voucher();
  }

  public static Parsed<PaymentPayload> ofHeader(String header) {
    return Headers.decode(header, PaymentPayload::ofJson);
  }

  public static Parsed<PaymentPayload> ofJson(String json) {
    return Json.parse(json, PaymentPayload::read);
  }

  public String toHeader() {
    return Headers.encode(toJson());
  }

  public String toJson() {
    var node = Json.object().put("x402Version", VERSION);
    resource.ifPresent(named -> node.set("resource", named.write()));
    node.set("accepted", accepted.write());
    node.set("payload", PayloadJson.write(payload));
    if (!extensions.isEmpty()) node.set("extensions", extensions.write());
    return Json.write(node);
  }

  static void requireVersion(Fields fields) {
    var version = fields.or(INVALID_X402_VERSION);
    if (version.count("x402Version") != VERSION) throw version.wrong("x402Version", "not 2");
  }

  /// An echo that cannot be read is none of our offers.
  private static PaymentPayload read(Fields fields) {
    requireVersion(fields);
    return new PaymentPayload(
        PaymentRequirements.read(fields.or(NO_MATCHING_REQUIREMENTS).object("accepted")),
        PayloadJson.read(fields.object("payload")),
        fields.optionalObject("resource").map(Resource::read),
        Extensions.read(fields.optionalObject("extensions")));
  }
}
