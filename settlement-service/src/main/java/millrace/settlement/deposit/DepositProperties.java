package millrace.settlement.deposit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param gasCap a deposit that needs more is not relayed: its payer's token or account burns gas
/// @param lookBackBlocks how far before the request to search for whoever relayed it first
/// @param searchPatience for how long, without a break, a used authorisation must have been looked
///     for in vain before it counts as used elsewhere; nodes show state before logs
@ConfigurationProperties("millrace.settlement.deposit")
record DepositProperties(
    @DefaultValue("400000") long gasCap,
    @DefaultValue("2000") long lookBackBlocks,
    @DefaultValue("30s") Duration searchPatience) {
  DepositProperties {
    if (gasCap <= 0) throw new IllegalArgumentException("gas-cap must be positive");
    if (!searchPatience.isPositive()) {
      throw new IllegalArgumentException("search-patience must be positive");
    }
    if (lookBackBlocks < 0) {
      throw new IllegalArgumentException("look-back-blocks must not be negative");
    }
  }
}
