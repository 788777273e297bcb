package millrace.watchtower.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import millrace.chain.sender.Urgency;
import org.junit.jupiter.api.Test;

class ClaimingTest {
  /// Ten thousand wei for each unit of the token.
  private static final Worth WORTH = new Worth(new BigDecimal("100000000000000"), 0);

  @Test
  void aClaimIsAsUrgentAsItsFirstDeadlineForTheMoneyOfAll() {
    var early = ExposedCases.of(1, 5, 1_000, 900);
    var late = ExposedCases.of(2, 70, 1_300, 900);
    var expected =
        new Urgency(
            Instant.ofEpochSecond(1_000),
            Instant.ofEpochSecond(1_900),
            BigInteger.valueOf(75 * 10_000L));
    assertThat(Claiming.urgency(List.of(late, early), WORTH)).contains(expected);
    assertThat(Claiming.urgency(List.of(early, late), WORTH)).contains(expected);
  }

  @Test
  void withoutAWindowThereIsNothingToClimb() {
    assertThat(Claiming.urgency(List.of(ExposedCases.of(1, 5, 1_000, 0)), WORTH)).isEmpty();
  }
}
