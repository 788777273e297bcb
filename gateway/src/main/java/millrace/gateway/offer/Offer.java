package millrace.gateway.offer;

import java.util.Optional;
import millrace.protocol.x402.ChannelState;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.Resource;
import millrace.protocol.x402.VoucherState;
import millrace.protocol.x402.X402Error;

/// A price for one resource on this hub's terms. Equal price and terms make equal requirements, so
/// the offer of a 402 can be made again when it is taken.
public record Offer(PaymentRequirements requirements, Resource resource) {
  public PaymentRequired required(X402Error error) {
    return PaymentRequired.of(error, resource, requirements, Extensions.OFFER);
  }

  /// With what lets an honest client that is out of step sign again.
  public PaymentRequired required(
      X402Error error, Optional<ChannelState> state, Optional<VoucherState> newest) {
    var plain = required(error);
    return state.map(known -> plain.correctedBy(known, newest)).orElse(plain);
  }
}
