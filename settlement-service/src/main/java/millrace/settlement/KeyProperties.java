package millrace.settlement;

import java.util.Optional;
import millrace.protocol.eip712.SigningKey;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// The keys of this service, `0x` and 64 hex digits each. In production each role has its own, so
/// that a stolen one can do only what its role allows; where they are left out, `key` is used.
///
/// @param claimerKey claims and relays deposits
/// @param promiseKey announces and credits payees
/// @param refunderKey gives payers back what they did not spend
@ConfigurationProperties("millrace.settlement")
public record KeyProperties(
    @Nullable String key,
    @Nullable String claimerKey,
    @Nullable String promiseKey,
    @Nullable String refunderKey) {

  public SigningKey claimer() {
    return parsed("claimer-key", claimerKey);
  }

  public SigningKey promiser() {
    return parsed("promise-key", promiseKey);
  }

  public SigningKey refunder() {
    return parsed("refunder-key", refunderKey);
  }

  /// What is wrong with a key is told without telling the key.
  private SigningKey parsed(String name, @Nullable String own) {
    var text =
        Optional.ofNullable(own)
            .or(() -> Optional.ofNullable(key))
            .filter(given -> !given.isBlank())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "millrace.settlement.key or millrace.settlement.%s must be set"
                            .formatted(name)));
    try {
      return SigningKey.of(text);
    } catch (IllegalArgumentException hidden) {
      throw new IllegalStateException(
          "millrace.settlement.key or .%s is not a private key, 0x and 64 hex digits"
              .formatted(name));
    }
  }

  @Override
  public String toString() {
    return "KeyProperties(hidden)";
  }
}
