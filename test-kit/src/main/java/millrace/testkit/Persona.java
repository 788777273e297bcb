package millrace.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;

/// Who acts in a test. Everybody has a key, which is the same in every run.
public enum Persona {
  /// Pays.
  ALICE,
  /// Pays as well.
  BOB,
  /// Signs vouchers for Alice, where the payer and its voucher key differ.
  ALICES_PHONE,
  /// Is paid.
  MERCHANT,
  /// Is paid as well.
  OTHER_MERCHANT,
  /// The hub's own key.
  HUB,
  /// The watchtower's key.
  TOWER,
  /// Has no rights whatever.
  MALLORY;

  /// Worked out anew at each call; a loop keeps it.
  public SigningKey key() {
    return SigningKey.of(secret("millrace test persona " + name()));
  }

  public Address address() {
    return key().address();
  }

  private static Bytes32 secret(String seed) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Bytes32.of(digest.digest(seed.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
