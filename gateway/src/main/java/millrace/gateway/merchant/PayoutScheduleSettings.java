package millrace.gateway.merchant;

import java.time.Duration;
import millrace.protocol.type.Amount;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How payouts by schedule are asked for.
///
/// @param least base units below which none is: it would not be worth its gas
/// @param checkEvery how often the balance of a merchant with a threshold is looked at
/// @param lease how long one gateway has for one merchant before another may try
/// @param pause before a request that did not get through is repeated
@ConfigurationProperties("millrace.gateway.payout-schedule")
public record PayoutScheduleSettings(
    @DefaultValue("1000000") Amount least,
    @DefaultValue("5m") Duration checkEvery,
    @DefaultValue("2m") Duration lease,
    @DefaultValue("1m") Duration pause) {
  public PayoutScheduleSettings {
    if (!checkEvery.isPositive() || !lease.isPositive() || !pause.isPositive()) {
      throw new IllegalArgumentException(
          "check-every, lease and pause of millrace.gateway.payout-schedule must be positive");
    }
  }
}
