package millrace.messaging.command;

import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// One payment that the gateway asks channel-service to take.
///
/// @param id chosen by the gateway
/// @param idempotencyKey unique per merchant: the caller's key or payment identifier, else derived
///     from channel, ceiling and request; a repeat gets the recorded outcome
/// @param fingerprint of the request's parameters; the same key with another one is refused
/// @param resource what was bought, for the merchant's records
public record PaymentRequest(
    PaymentId id,
    MerchantId merchantId,
    ChannelConfig config,
    SignedVoucher voucher,
    Amount price,
    String idempotencyKey,
    String fingerprint,
    String resource) {}
