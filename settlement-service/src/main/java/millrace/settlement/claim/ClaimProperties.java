package millrace.settlement.claim;

import java.time.Duration;
import millrace.chain.contract.ClaimForm;
import millrace.protocol.type.Amount;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// When to claim.
///
/// @param threshold unclaimed base units at which a claim is worth its gas at the usual price
/// @param maxAge no charge stays unclaimed for longer
/// @param maxRows channels in one transaction; fewer where the form in use has less room
/// @param maxBacklog when more channels than these owe something, none waits
/// @param maxGasFactor how many times dear gas may raise the threshold; 1: its price is ignored
/// @param minRowValue what a channel must owe to be claimed without its payer leaving
/// @param retryAfter first pause after a row was left out; it doubles each time
@ConfigurationProperties("millrace.settlement.claim")
public record ClaimProperties(
    @DefaultValue("10000000") Amount threshold,
    @DefaultValue("1h") Duration maxAge,
    @DefaultValue("100") int maxRows,
    @DefaultValue("5000") int maxBacklog,
    @DefaultValue("4") int maxGasFactor,
    @DefaultValue("1") Amount minRowValue,
    @DefaultValue("30s") Duration retryAfter) {
  private static final int MOST_ROWS = ClaimForm.COMPACT.mostRows();
  private static final int HIGHEST_FACTOR = 1_000;

  public ClaimProperties {
    if (maxRows < 1 || maxRows > MOST_ROWS) {
      throw new IllegalArgumentException("max-rows must be 1 to " + MOST_ROWS);
    }
    if (maxBacklog < 1) throw new IllegalArgumentException("max-backlog must be positive");
    if (maxGasFactor < 1 || maxGasFactor > HIGHEST_FACTOR) {
      throw new IllegalArgumentException("max-gas-factor must be 1 to " + HIGHEST_FACTOR);
    }
    if (!maxAge.isPositive()) throw new IllegalArgumentException("max-age must be positive");
    if (!retryAfter.isPositive()) {
      throw new IllegalArgumentException("retry-after must be positive");
    }
  }

  public ClaimPolicy policy() {
    return new ClaimPolicy(threshold, maxAge, maxBacklog, maxGasFactor, retryAfter);
  }
}
