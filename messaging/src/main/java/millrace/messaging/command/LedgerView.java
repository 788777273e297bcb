package millrace.messaging.command;

import java.math.BigInteger;
import millrace.protocol.type.Address;

/// The ledger of one token in a few figures, from `GET /internal/ledger`. Signed: between two
/// topics the vault may be known to have paid before it is known to have been filled.
///
/// @param escrow held: locked in channels, not claimed
/// @param claimed held: claimed, not yet swept
/// @param vault held: swept, less what was paid out
/// @param payers owed: unspent; a shortfall counts against it
/// @param merchants owed: charged and neither paid out nor on the way
/// @param payoutsInFlight owed: on the way to merchants
/// @param paidOut ever
/// @param overclaimed owed: claimed beyond what was charged
/// @param shortfall of all channels that hold less than their payer owes
/// @param imbalance credits less debits of all accounts; anything but zero is a bug
/// @param payersOff channels whose account in the ledger is not balance less charged: a bug. Of
///     lost channels nothing is posted, so they are not asked
/// @param unpostedEscrow in channels that no payer has shown up with, or that are lost, and so are
///     in no account
/// @param unpostedClaimed claimed from such channels
public record LedgerView(
    Address token,
    BigInteger escrow,
    BigInteger claimed,
    BigInteger vault,
    BigInteger payers,
    BigInteger merchants,
    BigInteger payoutsInFlight,
    BigInteger paidOut,
    BigInteger overclaimed,
    BigInteger shortfall,
    BigInteger imbalance,
    long payersOff,
    BigInteger unpostedEscrow,
    BigInteger unpostedClaimed) {
  public boolean balances() {
    return imbalance.signum() == 0 && payersOff == 0;
  }
}
