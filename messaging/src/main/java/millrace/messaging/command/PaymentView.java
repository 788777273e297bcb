package millrace.messaging.command;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// A payment as channel-service has it, from `GET /internal/payments/{id}`.
///
/// @param amount the price while it is reserved or held, then what the merchant got
/// @param guarded whether the watchtower holds its voucher
/// @param expiresAt of a hold, how long it may be captured
public record PaymentView(
    PaymentId id,
    MerchantId merchantId,
    ChannelId channelId,
    Address token,
    Amount amount,
    PaymentStatus status,
    String resource,
    boolean guarded,
    Instant createdAt,
    Optional<Instant> expiresAt) {}
