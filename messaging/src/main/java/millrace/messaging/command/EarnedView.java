package millrace.messaging.command;

import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;

/// All that was ever charged for a merchant, whatever became of it since; from
/// `GET /internal/earnings?merchants=…`, for each that was asked for.
public record EarnedView(MerchantId merchantId, Amount total) {}
