package millrace.protocol.eip712;

import fr.acinq.secp256k1.Secp256k1;
import java.util.Arrays;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;

/// A private key of a payer or of a test. It is data here; where keys live is not the protocol's
/// business. Its text form never shows the key.
public final class SigningKey {
  private final byte[] secret;
  private final Address address;

  private SigningKey(byte[] secret) {
    if (!Secp256k1.get().secKeyVerify(secret)) {
      throw new IllegalArgumentException("not a secp256k1 private key");
    }
    this.secret = secret;
    this.address = Secp256k1Keys.address(Secp256k1.get().pubkeyCreate(secret));
  }

  public static SigningKey of(Bytes32 secret) {
    return new SigningKey(secret.toArray());
  }

  public static SigningKey of(String hex) {
    return of(Bytes32.of(hex));
  }

  public Address address() {
    return address;
  }

  public Bytes32 secret() {
    return Bytes32.of(secret);
  }

  /// Deterministic (RFC 6979), low-s.
  public Signature sign(byte[] digest) {
    byte[] compact = Secp256k1.get().sign(digest, secret, null);
    byte[] bytes = Arrays.copyOf(compact, 65);
    for (int recoveryId = 0; recoveryId < 2; recoveryId++) {
      bytes[64] = (byte) (27 + recoveryId);
      var candidate = Signature.of(bytes);
      if (Secp256k1Keys.recover(digest, candidate).filter(address::equals).isPresent()) {
        return candidate;
      }
    }
    throw new IllegalStateException("own signature does not recover to own address");
  }

  @Override
  public String toString() {
    return "SigningKey(" + address + ")";
  }
}
