package millrace.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.gateway.webhook.Target.Keys;

/// How messages are signed: both ways that Standard Webhooks knows.
enum SignatureScheme {
  /// HMAC-SHA256 with a shared secret.
  V1 {
    @Override
    Optional<String> sign(Keys keys, String message, Instant at, String body) {
      if (keys.secret() == null) return Optional.empty();
      try {
        return Optional.of(new Webhook(keys.secret()).sign(message, at.getEpochSecond(), body));
      } catch (WebhookSigningException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  },
  /// ed25519, so that the receiver holds nothing that could sign.
  V1A {
    @Override
    Optional<String> sign(Keys keys, String message, Instant at, String body) {
      return Optional.ofNullable(keys.privateKey())
          .map(key -> "v1a," + Ed25519.sign(key, message + "." + at.getEpochSecond() + "." + body));
    }
  };

  abstract Optional<String> sign(Keys keys, String message, Instant at, String body);

  @JsonValue
  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  static SignatureScheme ofWire(String wire) {
    return Arrays.stream(values())
        .filter(scheme -> scheme.wire().equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown signature scheme"));
  }

  static String join(Set<SignatureScheme> schemes) {
    return schemes.stream().map(SignatureScheme::wire).sorted().collect(Collectors.joining(" "));
  }

  static Set<SignatureScheme> split(String joined) {
    return Arrays.stream(joined.split(" ", -1))
        .map(SignatureScheme::ofWire)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(SignatureScheme.class)));
  }
}
