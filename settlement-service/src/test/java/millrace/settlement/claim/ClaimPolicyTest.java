package millrace.settlement.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

class ClaimPolicyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final ClaimPolicy POLICY =
      new ClaimPolicy(Amount.of(1_000), Duration.ofHours(1), 10);

  @Test
  void nothingOwedIsNothingToClaim() {
    assertThat(due(0, 0, 0, true, 500)).isEmpty();
  }

  @Test
  void littleAndYoungCanWait() {
    assertThat(due(999, 59, 9, false, 0)).isEmpty();
  }

  @Test
  void enoughValueIsAReason() {
    assertThat(due(1_000, 0, 1, false, 0)).contains(ClaimReason.VALUE);
  }

  @Test
  void ageIsAReasonHoweverLittleIsOwed() {
    assertThat(due(1, 60, 1, false, 0)).contains(ClaimReason.AGE);
  }

  @Test
  void afullBatchIsAReason() {
    assertThat(due(10, 0, 10, false, 0)).contains(ClaimReason.FULL);
  }

  @Test
  void merchantsThatWaitAreAReason() {
    assertThat(due(1, 0, 1, false, 1)).contains(ClaimReason.PAYOUT);
  }

  @Test
  void aPayerWhoLeavesIsTheFirstReason() {
    assertThat(due(5_000, 600, 10, true, 1)).contains(ClaimReason.WITHDRAWAL);
  }

  private static Optional<ClaimReason> due(
      long value, long minutes, long channels, boolean leaving, long shortfall) {
    return POLICY.due(
        new Unclaimed(
            Amount.of(value),
            Optional.of(NOW.minus(Duration.ofMinutes(minutes))),
            channels,
            leaving,
            Amount.of(shortfall)),
        NOW);
  }
}
