package millrace.gateway.payment;

import java.time.Instant;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;

/// A payment and how much of it some part of a merchant's earnings covers.
public record CoveredPayment(
    PaymentId id,
    ChannelId channel,
    Address payer,
    Amount amount,
    Amount covered,
    String resource,
    Instant createdAt) {}
