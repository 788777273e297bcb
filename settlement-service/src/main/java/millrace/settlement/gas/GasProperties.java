package millrace.settlement.gas;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param window how far back prices count when it is decided what is usual
@ConfigurationProperties("millrace.settlement.gas")
record GasProperties(@DefaultValue("24h") Duration window) {
  private static final Duration SHORTEST = Duration.ofMinutes(5);

  GasProperties {
    if (window.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("millrace.settlement.gas.window must be 5m or more");
    }
  }
}
