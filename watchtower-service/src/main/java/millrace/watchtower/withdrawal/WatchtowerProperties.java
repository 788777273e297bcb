package millrace.watchtower.withdrawal;

import java.math.BigDecimal;
import java.time.Duration;
import millrace.protocol.eip712.SigningKey;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the tower acts.
///
/// @param key the tower's own private key, a claimer of the vault: `0x` and 64 hex digits
/// @param headStart how long settlement, whose claims are cheaper, may answer a withdrawal first;
///     in any case the tower acts before half of the delay is over
/// @param lookInterval how often a withdrawal that is not settled is looked at
/// @param batchRows how many channels one claim has at most; the form of claims and the gas of a
///     block may allow fewer
/// @param tokensPerEther what the token is worth, roughly: up to the worth of what is at risk the
///     tower outbids others for a place in a block
/// @param sweepInterval how long after the end of one the next look at all channels begins
@ConfigurationProperties("millrace.watchtower")
record WatchtowerProperties(
    @Nullable String key,
    @DefaultValue("0s") Duration headStart,
    @DefaultValue("1s") Duration lookInterval,
    @DefaultValue("1000") int batchRows,
    @DefaultValue("3000") BigDecimal tokensPerEther,
    @DefaultValue("6h") Duration sweepInterval) {
  private static final int MOST_ROWS = 1_000;

  WatchtowerProperties {
    if (headStart.isNegative()) {
      throw new IllegalArgumentException("millrace.watchtower.head-start must not be negative");
    }
    if (!lookInterval.isPositive()) {
      throw new IllegalArgumentException("millrace.watchtower.look-interval must be positive");
    }
    if (batchRows < 1 || batchRows > MOST_ROWS) {
      throw new IllegalArgumentException(
          "millrace.watchtower.batch-rows must be 1 to " + MOST_ROWS);
    }
    if (tokensPerEther.signum() <= 0) {
      throw new IllegalArgumentException("millrace.watchtower.tokens-per-ether must be positive");
    }
    if (!sweepInterval.isPositive()) {
      throw new IllegalArgumentException("millrace.watchtower.sweep-interval must be positive");
    }
  }

  SigningKey signingKey() {
    if (key == null || key.isBlank()) {
      throw new IllegalStateException("millrace.watchtower.key must be set: the tower's own key");
    }
    try {
      return SigningKey.of(key);
    } catch (IllegalArgumentException _) {
      // Without the cause, which might quote the key.
      throw new IllegalStateException("millrace.watchtower.key is not a private key");
    }
  }

  /// Without the key.
  @Override
  public String toString() {
    return "WatchtowerProperties[headStart=%s, lookInterval=%s, batchRows=%d]"
        .formatted(headStart, lookInterval, batchRows);
  }
}
