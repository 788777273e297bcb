package millrace.settlement.payout;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// When to pay merchants.
///
/// @param maxWait how long a payout waits for cheaper gas at most; 0s: not at all
@ConfigurationProperties("millrace.settlement.payout")
public record PayoutProperties(@DefaultValue("1h") Duration maxWait) {
  private static final int FULL_BATCH = 40;

  public PayoutProperties {
    if (maxWait.isNegative()) throw new IllegalArgumentException("max-wait must not be negative");
  }

  public PayoutPolicy policy() {
    return new PayoutPolicy(maxWait, FULL_BATCH);
  }
}
