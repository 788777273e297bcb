package millrace.watchtower.merchant;

import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.vault.VaultDomain;

/// Whose money it is, in which token, and which vault owes it.
record Terms(BigInteger chainId, Address channels, Address vault, Address payee, Address token) {
  /// Why a promise is none that this vault would pay to this payee; empty when it is one.
  Optional<String> fault(SignedPromise promise) {
    if (!promise.payee().equals(payee)) return Optional.of("another payee, " + promise.payee());
    if (!promise.token().equals(token)) return Optional.of("another token, " + promise.token());
    if (!promise.vault().map(vault::equals).orElse(true)) {
      return Optional.of("another vault, " + promise.vault().get());
    }
    var signer = new VaultDomain(chainId, vault).signer(promise.message(), promise.signature());
    return signer.filter(promise.key()::equals).isPresent()
        ? Optional.empty()
        : Optional.of("a signature that is not of " + promise.key());
  }
}
