package millrace.settlement.payout;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param interval between two looks at what can be promised
/// @param creditAfter how long a promise waits for a payout before the vault is made to credit it
@ConfigurationProperties("millrace.settlement.promise")
record PromiseProperties(
    @DefaultValue("5s") Duration interval, @DefaultValue("24h") Duration creditAfter) {
  PromiseProperties {
    if (interval.isNegative()) throw new IllegalArgumentException("interval must not be negative");
    if (creditAfter.isNegative()) {
      throw new IllegalArgumentException("credit-after must not be negative");
    }
  }
}
