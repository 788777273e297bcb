package millrace.gateway.merchant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// The secret of an API key: `sk_` or `rk_` for its type, `test_` or `live_` for its ledger, and
/// 256 random bits. Never printed by accident.
final class Secret {
  private static final int BYTES = 32;
  private static final int HINT_CHARS = 12;
  private static final Pattern FORM = Pattern.compile("[sr]k_(test|live)_[A-Za-z0-9_-]{43}");
  private static final String LIVE = "live_";
  private static final String TEST = "test_";

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  static Secret random(SecureRandom random, KeyType type, boolean live) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    var digits = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return new Secret(type.prefix() + "_" + (live ? LIVE : TEST) + digits);
  }

  /// Empty when it cannot be one of ours, so that noise costs no look-up.
  static Optional<Secret> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new Secret(text)) : Optional.empty();
  }

  boolean live() {
    return text.startsWith(LIVE, 3);
  }

  String reveal() {
    return text;
  }

  /// Enough to tell keys apart, too little to use one.
  String hint() {
    return text.substring(0, HINT_CHARS) + "…";
  }

  byte[] hash() {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return sha256.digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return hint();
  }
}
