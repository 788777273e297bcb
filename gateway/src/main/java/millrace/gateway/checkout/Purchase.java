package millrace.gateway.checkout;

import millrace.messaging.command.PaymentRequest;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.x402.PaymentPayload;

/// One payment that is to be taken.
///
/// @param resource what is bought, for the merchant's records
public record Purchase(
    MerchantId merchant, PaymentPayload payment, Amount price, PaymentKey key, String resource) {
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
