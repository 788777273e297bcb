package millrace.gateway.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Keeps an answer so that only its receiver can read it again: some hold a secret that is nowhere
/// else. The key is made of what the receiver sends with every repeat, which the gateway does not
/// keep.
final class Seal {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();

  byte[] close(byte[] plain, String token, String idempotencyKey) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, token, idempotencyKey).doFinal(plain);
      byte[] all = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Empty when it was not this token that asked.
  Optional<byte[]> open(byte[] all, String token, String idempotencyKey) {
    byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, nonce, token, idempotencyKey)
              .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES));
    } catch (AEADBadTagException anotherToken) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Cipher cipher(int mode, byte[] nonce, String token, String idempotencyKey)
      throws GeneralSecurityException {
    var digest = MessageDigest.getInstance("SHA-256");
    digest.update("millrace idempotency\n".getBytes(StandardCharsets.UTF_8));
    digest.update(token.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
    digest.update(idempotencyKey.getBytes(StandardCharsets.UTF_8));
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(digest.digest(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
