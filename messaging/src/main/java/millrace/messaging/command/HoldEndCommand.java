package millrace.messaging.command;

import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// Sent to `POST /internal/holds`; answered by a [HoldEndOutcome].
///
/// @param captured of the held amount; zero cancels the payment
/// @param idempotencyKey unique per merchant
public record HoldEndCommand(
    PaymentId id,
    MerchantId merchantId,
    Amount captured,
    String idempotencyKey,
    String fingerprint) {}
