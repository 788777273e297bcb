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
/// @param refundsInFlight owed: merchants', on the way back to payers
/// @param fees owed to the hub itself
/// @param paidOut ever
/// @param credit owed: charged once and given back to payers, or claimed beyond what was charged
/// @param held owed to payer or merchant, as its hold ends
/// @param claimedCredit what of credit and holds was claimed before
/// @param shortfall of all channels that hold less than is due of them
/// @param imbalance credits less debits of all accounts; anything but zero is a bug
/// @param payersOff channels whose accounts in the ledger are not balance less charged, credit and
///     held: a bug. Of lost channels nothing is posted, so they are not asked
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
    BigInteger refundsInFlight,
    BigInteger fees,
    BigInteger paidOut,
    BigInteger credit,
    BigInteger held,
    BigInteger claimedCredit,
    BigInteger shortfall,
    BigInteger imbalance,
    long payersOff,
    BigInteger unpostedEscrow,
    BigInteger unpostedClaimed) {
  public boolean balances() {
    return imbalance.signum() == 0 && payersOff == 0;
  }
}
