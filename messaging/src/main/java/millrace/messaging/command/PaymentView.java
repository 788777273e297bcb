package millrace.messaging.command;

import java.time.Instant;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// A payment as channel-service has it, from `GET /internal/payments/{id}`.
///
/// @param guarded whether the watchtower holds its voucher
public record PaymentView(
    PaymentId id,
    MerchantId merchantId,
    ChannelId channelId,
    Address token,
    Amount amount,
    PaymentStatus status,
    String resource,
    boolean guarded,
    Instant createdAt) {}
