package millrace.messaging.command;

import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;

/// Sent to `POST /internal/payout-cancellations?waitMillis=…`; answered by a [PayoutOutcome]. The
/// payout's id is the key: a payout is canceled once, however often it is asked.
public record PayoutCancelCommand(PayoutId id, MerchantId merchantId) {}
