package millrace.watchtower.merchant;

import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.vault.Promise;
import millrace.protocol.vault.VaultDomain;

/// Promises of a hub that has several keys.
final class Samples {
  static final Terms TERMS =
      new Terms(
          BigInteger.valueOf(31_337),
          address(0xc4a),
          address(0x7a17),
          address(0x9a7ee),
          address(0x70ce));
  static final SigningKey KEY = SigningKey.of("0x%064x".formatted(77));
  static final SigningKey NEXT_KEY = SigningKey.of("0x%064x".formatted(78));

  private Samples() {}

  static Address address(long number) {
    return Address.of("0x%040x".formatted(number));
  }

  static SignedPromise promise(long cumulative) {
    return promise(TERMS, KEY, cumulative);
  }

  static SignedPromise promise(Terms terms, SigningKey key, long cumulative) {
    var amount = Amount.of(cumulative);
    var domain = new VaultDomain(terms.chainId(), terms.vault());
    var digest = domain.digest(new Promise(terms.payee(), terms.token(), amount));
    return new SignedPromise(
        terms.payee(),
        terms.token(),
        amount,
        key.sign(digest),
        key.address(),
        Optional.of(terms.vault()));
  }
}
