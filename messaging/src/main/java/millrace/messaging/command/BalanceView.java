package millrace.messaging.command;

import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// A merchant's balance in one token, from `GET /internal/merchants/{id}/balances`.
///
/// @param available charged for this merchant and neither paid out nor on the way
/// @param inPayout on the way
/// @param paidOut paid, ever
public record BalanceView(Address token, Amount available, Amount inPayout, Amount paidOut) {}
