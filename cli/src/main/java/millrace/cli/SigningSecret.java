package millrace.cli;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// What `listen` signs with. It is this machine's own and stays the same, so that a receiver is
/// configured once.
record SigningSecret(String text) {
  private static final Pattern FORM = Pattern.compile("whsec_[A-Za-z0-9+/]{32,88}={0,2}");
  private static final int BYTES = 24;

  SigningSecret {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a signing secret is whsec_ and base64 of 24 bytes or more");
    }
  }

  static Optional<SigningSecret> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new SigningSecret(text)) : Optional.empty();
  }

  /// The one of this folder, made when there is none.
  static SigningSecret in(Path folder) throws IOException {
    var file = folder.resolve("secret");
    Files.createDirectories(folder);
    if (!Files.exists(file)) {
      var bytes = new byte[BYTES];
      new SecureRandom().nextBytes(bytes);
      var fresh = "whsec_" + Base64.getEncoder().encodeToString(bytes);
      // Readable for its owner alone, and under its name only when it is whole.
      var beside = Files.createTempFile(folder, "secret-", ".new");
      try {
        Files.writeString(beside, fresh);
        Files.createLink(file, beside);
      } catch (FileAlreadyExistsException another) {
        // One of ours that began at the same moment was first.
      } finally {
        Files.delete(beside);
      }
    }
    var text = Files.readString(file).strip();
    return of(text).orElseThrow(() -> new IOException(file + " holds no signing secret"));
  }

  /// As the header has it.
  String sign(String id, Instant at, String body) {
    try {
      return new Webhook(text).sign(id, at.getEpochSecond(), body);
    } catch (WebhookSigningException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
