package millrace.gateway.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// Key pairs as Standard Webhooks writes them, base 64 behind a prefix: of the private key the seed
/// with the public key behind it, of the public key its 32 bytes.
final class Ed25519 {
  private static final String PRIVATE = "whsk_";
  private static final String PUBLIC = "whpk_";
  private static final int KEY_BYTES = 32;

  /// What stands before the seed in PKCS #8.
  private static final byte[] FRAME = {
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
  };

  private Ed25519() {}

  static String newKey() {
    try {
      var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] key = Arrays.copyOf(last(pair.getPrivate().getEncoded()), 2 * KEY_BYTES);
      byte[] open = last(pair.getPublic().getEncoded());
      System.arraycopy(open, 0, key, KEY_BYTES, KEY_BYTES);
      return PRIVATE + Base64.getEncoder().encodeToString(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String publicKey(String key) {
    return PUBLIC + Base64.getEncoder().encodeToString(last(bytes(key)));
  }

  static String sign(String key, String content) {
    try {
      byte[] encoded = Arrays.copyOf(FRAME, FRAME.length + KEY_BYTES);
      System.arraycopy(bytes(key), 0, encoded, FRAME.length, KEY_BYTES);
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
      signature.update(content.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String key) {
    return Base64.getDecoder().decode(key.substring(PRIVATE.length()));
  }

  private static byte[] last(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
  }
}
