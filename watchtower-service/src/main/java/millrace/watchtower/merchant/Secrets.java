package millrace.watchtower.merchant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import millrace.protocol.eip712.SigningKey;
import org.jspecify.annotations.Nullable;

/// Where the two secrets come from: a file or the environment, never the command line, which every
/// user of a machine can read.
record Secrets(Map<String, String> environment) {
  private static final String API_KEY = "MILLRACE_API_KEY";
  private static final String TOWER_KEY = "MILLRACE_TOWER_KEY";

  Secrets {
    environment = Map.copyOf(environment);
  }

  String apiKey(@Nullable Path file) {
    var key = secret(file, "--api-key-file", API_KEY);
    // It goes into a header.
    if (!key.matches("[\\x21-\\x7e]+")) throw new IllegalArgumentException("that is no API key");
    return key;
  }

  SigningKey signingKey(@Nullable Path file) {
    var key = secret(file, "--key-file", TOWER_KEY);
    try {
      return SigningKey.of(key);
    } catch (IllegalArgumentException _) {
      // Without the cause, which might quote the key.
      throw new IllegalArgumentException("the key for gas is no private key");
    }
  }

  private String secret(@Nullable Path file, String option, String variable) {
    if (file == null) {
      var told = environment.getOrDefault(variable, "");
      if (told.isBlank()) {
        throw new IllegalArgumentException("give %s or %s".formatted(option, variable));
      }
      return told.strip();
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read %s".formatted(file), e);
    }
  }

  /// Without them.
  @Override
  public String toString() {
    return "Secrets";
  }
}
