package millrace.messaging.command;

import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;

/// Sent to `POST /internal/payouts`; answered by a [PayoutOutcome].
///
/// @param amount empty for the whole balance
/// @param idempotencyKey unique per merchant
public record PayoutCommand(
    PayoutId id,
    MerchantId merchantId,
    Address payee,
    Address token,
    Optional<Amount> amount,
    String idempotencyKey,
    String fingerprint) {}
