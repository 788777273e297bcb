package millrace.chain.contract;

import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which form claims take.
///
/// @param form `auto` asks the contracts; `standard` and `compact` do not
@ConfigurationProperties("millrace.chain.claims")
public record ClaimFormProperties(@DefaultValue("auto") Choice form) {
  /// What can be configured.
  public enum Choice {
    AUTO,
    STANDARD,
    COMPACT;

    Optional<ClaimForm> forced() {
      return switch (this) {
        case AUTO -> Optional.empty();
        case STANDARD -> Optional.of(ClaimForm.STANDARD);
        case COMPACT -> Optional.of(ClaimForm.COMPACT);
      };
    }
  }
}
