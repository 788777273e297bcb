package millrace.protocol.eip712;

import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Signature;

/// Who signed a digest, by libsecp256k1.
public final class Secp256k1Keys {
  private Secp256k1Keys() {}

  /// The address whose key made the signature, or empty when no key could have made it.
  public static Optional<Address> recover(byte[] digest, Signature signature) {
    try {
      return Optional.of(
          address(
              Secp256k1.get().ecdsaRecover(signature.compact(), digest, signature.recoveryId())));
    } catch (Secp256k1Exception noSuchPoint) {
      return Optional.empty();
    }
  }

  /// The address of a public key given as 65 bytes `04 ‖ x ‖ y`.
  static Address address(byte[] publicKey) {
    return Address.of(
        Arrays.copyOfRange(Keccak.hash(Arrays.copyOfRange(publicKey, 1, 65)), 12, 32));
  }
}
