package millrace.settlement.chain;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How fast all channels are compared with the chain, whatever the logs said.
///
/// @param interval between two pages of channels
/// @param page how many channels are read at once, three calls to a node each
@ConfigurationProperties("millrace.settlement.audit")
record AuditProperties(@DefaultValue("1m") Duration interval, @DefaultValue("100") int page) {
  AuditProperties {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("millrace.settlement.audit.interval must be positive");
    }
    if (page < 1 || page > 1_000) {
      throw new IllegalArgumentException("millrace.settlement.audit.page must be 1 to 1000");
    }
  }
}
