package millrace.messaging.command;

import java.math.BigInteger;

/// An account of the ledger whose kept balance is not what its transfers add up to; from
/// `GET /internal/ledger/accounts-off`, the worst first.
///
/// @param owner merchant or channel, empty for accounts of the hub
/// @param posted what the transfers say
/// @param kept what the account says
public record AccountOffView(String kind, String owner, BigInteger posted, BigInteger kept) {}
