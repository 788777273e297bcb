package millrace.gateway.merchant;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How many requests of the merchant API one key may make of one gateway. Each gateway counts for
/// itself, so a key that all of them serve gets as much from each.
///
/// @param requests in a window; the default is above what one key reaches on one machine
@Validated
@ConfigurationProperties("millrace.gateway.rate-limit")
record RateLimitSettings(
    @DefaultValue("20000") @Min(1) @Max(10_000_000) int requests,
    @DefaultValue("1s") Duration window) {
  RateLimitSettings {
    if (window.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "millrace.gateway.rate-limit.window must be a second or more");
    }
  }
}
