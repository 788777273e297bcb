package millrace.watchtower.merchant;

import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;
import millrace.protocol.vault.Promise;

/// A promise as the hub sent it.
///
/// @param key who the hub says has signed it
/// @param vault the vault it is for, if the hub said so
record SignedPromise(
    Address payee,
    Address token,
    Amount cumulative,
    Signature signature,
    Address key,
    Optional<Address> vault) {
  Promise message() {
    return new Promise(payee, token, cumulative);
  }
}
