package millrace.gateway.checkout;

import java.util.Optional;
import millrace.messaging.command.PaymentRequest;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.x402.PaymentPayload;

/// One payment that is to be taken.
///
/// @param resource what is bought, for the merchant's records
/// @param id that it is to have; empty for any
public record Purchase(
    MerchantId merchant,
    PaymentPayload payment,
    Amount price,
    PaymentKey key,
    String resource,
    Optional<PaymentId> id) {
  public Purchase(
      MerchantId merchant, PaymentPayload payment, Amount price, PaymentKey key, String resource) {
    this(merchant, payment, price, key, resource, Optional.empty());
  }

  public Purchase named(PaymentId chosen) {
    return new Purchase(merchant, payment, price, key, resource, Optional.of(chosen));
  }

  PaymentRequest request(PaymentId id) {
    return new PaymentRequest(
        id,
        merchant,
        payment.channelConfig(),
        payment.voucher(),
        price,
        key.key(),
        key.fingerprint(),
        resource);
  }
}
