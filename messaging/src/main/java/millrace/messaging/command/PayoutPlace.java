package millrace.messaging.command;

import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;

/// Which part of a merchant's earnings a payout paid: payouts use them up in the order in which
/// they were asked for. From `GET /internal/payouts/{id}/place`.
///
/// @param before of all earlier payouts that have not failed and were not canceled
/// @param amount of this one; zero if it has failed or was canceled
public record PayoutPlace(MerchantId merchantId, Amount before, Amount amount) {}
