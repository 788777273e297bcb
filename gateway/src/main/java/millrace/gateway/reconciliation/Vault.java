package millrace.gateway.reconciliation;

import java.math.BigInteger;

/// What the tokens of the vault, and those that are claimed and on their way to it, are there for.
/// `held + unsettled` is the sum of the others.
///
/// @param owed credited to payees and not withdrawn
/// @param promised to payees and not credited
/// @param payers their credit that was claimed before
/// @param fees the hub's own of what is claimed and promised to nobody: all that it ever kept of
///     payments, as far as it can have been claimed
/// @param unpromised the rest of that; below zero, more is promised than there is
/// @param reserve came from elsewhere than channels; below zero, it is missing
record Vault(
    BigInteger held,
    BigInteger unsettled,
    BigInteger owed,
    BigInteger promised,
    BigInteger payers,
    BigInteger fees,
    BigInteger unpromised,
    BigInteger reserve) {}
