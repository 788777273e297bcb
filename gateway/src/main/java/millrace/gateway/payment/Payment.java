package millrace.gateway.payment;

import java.time.Instant;
import java.util.Optional;
import millrace.gateway.metadata.Metadata;
import millrace.messaging.command.PaymentStatus;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// A payment as its merchant sees it.
///
/// @param amount the price while it is held, then what was captured
/// @param guarded whether the watchtower holds its voucher
/// @param captureBefore of a payment that is or was held
/// @param payer empty while only channel-service knows of the payment
record Payment(
    PaymentId id,
    MerchantId merchant,
    ChannelId channel,
    Optional<Address> payer,
    Address token,
    Amount amount,
    PaymentStatus status,
    String resource,
    boolean guarded,
    Metadata metadata,
    Instant createdAt,
    Optional<Instant> captureBefore) {
  Payment with(Metadata other) {
    return new Payment(
        id,
        merchant,
        channel,
        payer,
        token,
        amount,
        status,
        resource,
        guarded,
        other,
        createdAt,
        captureBefore);
  }
}
